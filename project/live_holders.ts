import type { EnvironmentView, RunState } from "../engine/environment.ts";
import type { Plan } from "../engine/plan.ts";
import { claimsOf } from "../engine/run_logic_claims.ts";
import { compareText } from "../engine/text_order.ts";

/** A run that lives and changes what a plan is about. */
export interface LiveHolder {
  readonly holder: RunState;
  /** What it is changing right now, so that the plan cannot decide it. */
  readonly changing: readonly string[];
  /** The same, and what else both need; in code-point order. */
  readonly addresses: readonly string[];
}

/** The live runs that keep `plan` from being decided, in the order in which they started. */
export function liveHolders(
  plan: Plan,
  state: EnvironmentView,
  deadRuns: ReadonlySet<string>,
): readonly LiveHolder[] {
  const changing = new Map<RunState, string[]>();
  for (const { address, unrefreshed } of plan.resources) {
    const run = state.resources.get(address)?.intent?.run;
    if (unrefreshed === undefined || run === undefined || deadRuns.has(run)) continue;
    const holder = state.liveRuns.get(run);
    if (holder !== undefined) changing.set(holder, [...changing.get(holder) ?? [], address]);
  }
  if (changing.size === 0) return [];
  const { writes, reads } = claimsOf(plan, state);
  return [...changing].map(([holder, now]) => {
    const shared = [
      ...writes.filter((each) => holder.writes.has(each) || holder.reads.has(each)),
      ...reads.filter((each) => holder.writes.has(each)),
    ];
    return { holder, changing: now, addresses: [...new Set([...now, ...shared])].sort(compareText) };
  });
}
