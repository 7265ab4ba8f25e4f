import { type Mutant, type SimResult, simulate, WHOLE } from "./simulate.ts";
import { FAULT_KINDS, type FaultKind } from "./swarm.ts";

/** A failure with as few faults as it still takes. */
export interface Shrunk {
  readonly result: SimResult;
  readonly disabled: ReadonlySet<FaultKind>;
  readonly faultLimit: number;
}

/** Runs a seed; a simulation that cannot go on counts as a failure too. */
export async function runSeed(
  seed: number,
  mutant: Mutant = {},
  shrinking: Parameters<typeof simulate>[2] = WHOLE,
): Promise<SimResult> {
  return await simulate(seed, mutant, shrinking).catch((reason: unknown) => ({
    violations: [reason instanceof Error ? reason.message : String(reason)],
    history: [],
    faults: [],
    recordCount: 0,
    callCount: 0,
  }));
}

/** Takes faults away from a failing seed, kinds first, then the last of those left, as long as it fails. */
export async function shrink(seed: number, mutant: Mutant = {}): Promise<Shrunk> {
  const disabled = new Set<FaultKind>();
  let result = await runSeed(seed, mutant);
  for (const kind of FAULT_KINDS) {
    const without = await runSeed(seed, mutant, {
      disabled: new Set([...disabled, kind]),
      faultLimit: Infinity,
    });
    if (without.violations.length === 0) continue;
    disabled.add(kind);
    result = without;
  }
  let faultLimit = result.faults.length;
  while (faultLimit > 0) {
    const fewer = await runSeed(seed, mutant, { disabled, faultLimit: faultLimit - 1 });
    if (fewer.violations.length === 0) break;
    faultLimit--;
    result = fewer;
  }
  return { result, disabled, faultLimit };
}

/** Says how a seed fails, and how to see it again. */
export function failureText(seed: number, { result, faultLimit }: Shrunk): string {
  return [
    `deno task sim ${seed}`,
    ...result.violations.map((each) => `  ${each}`),
    `  with ${faultLimit} faults: ${result.faults.join(", ") || "none"}`,
    ...result.history,
  ].join("\n");
}
