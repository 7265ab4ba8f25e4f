import type { Check } from "./smelt_toml_check.ts";
import { kindOfToml, type Table, valueAt } from "./smelt_toml_table.ts";

/** The most calls a second that can be asked for: beyond it nothing is bounded. */
const MOST_CALLS = 10_000;

/** Reads `[providers]`: how many calls a second each may get at most, by name of the provider. */
export function readCallsPerSecond(check: Check, providers: Table | undefined): ReadonlyMap<string, number> {
  const rates = new Map<string, number>();
  for (const name of Object.keys(providers ?? {})) {
    const path = ["providers", name];
    const provider = check.table(providers, path);
    if (provider === undefined) continue;
    check.keys(provider, path, ["calls_per_second"]);
    const rate = readRate(check, provider, [...path, "calls_per_second"]);
    if (rate !== undefined) rates.set(name, rate);
  }
  return rates;
}

function readRate(check: Check, provider: Table, path: readonly string[]): number | undefined {
  const value = valueAt(provider, "calls_per_second");
  if (value === undefined) return undefined;
  if (typeof value === "number" && value > 0 && value <= MOST_CALLS) return value;
  const found = typeof value === "number" || typeof value === "bigint" ? `${value}` : kindOfToml(value);
  const wanted = `a number above 0, at most ${MOST_CALLS}`;
  check.fail(path, `Correct "${path.join(".")}": expected ${wanted}, found ${found}`);
  return undefined;
}
