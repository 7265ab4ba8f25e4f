/**
 * Measures the budgets of docs/benchmarks.md on the real program and prints them beside what they took: the best of a few
 * tries. Ends with 1 when one is broken. Run it on a quiet machine: `deno task bench:budgets`. A word names the ones to measure:
 * `budgets.ts parse`.
 */
import { AUDIT_BUDGETS } from "./audit_budgets.ts";
import type { Budget } from "./budget.ts";
import { COMMAND_BUDGETS } from "./command_budgets.ts";
import { LANGUAGE_BUDGETS } from "./language_budgets.ts";

const encoder = new TextEncoder();
const ATTEMPT_COUNT = 7;

async function bestOf(attemptCount: number, measure: () => Promise<number>): Promise<number> {
  let best = Infinity;
  for (let attempt = 0; attempt < attemptCount; attempt++) best = Math.min(best, await measure());
  return best;
}

/** Measures one budget, says how it went, and whether it is kept. */
async function check({ what, limit, unit, measure }: Budget): Promise<boolean> {
  const best = await bestOf(ATTEMPT_COUNT, measure);
  const verdict = best <= limit ? "kept" : "BROKEN";
  const took = `${Math.round(best)} ${unit}`.padStart(9);
  Deno.stdout.writeSync(encoder.encode(`${what.padEnd(48)} ${took}  budget ${limit} ${unit}  ${verdict}\n`));
  return best <= limit;
}

const [word = ""] = Deno.args;
const wanted = [...LANGUAGE_BUDGETS, ...COMMAND_BUDGETS, ...AUDIT_BUDGETS].filter(({ what }) =>
  what.includes(word)
);
const broken: string[] = [];
for (const budget of wanted) if (!(await check(budget))) broken.push(budget.what);
Deno.exit(broken.length === 0 ? 0 : 1);
