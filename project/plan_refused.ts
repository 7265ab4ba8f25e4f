import type { EnvironmentView, RunState } from "../engine/environment.ts";
import type { ProjectFailure } from "./failure.ts";
import type { PlanSource, PreparedPlan } from "./prepare_plan.ts";
import { refusalFailure } from "./refusal_failure.ts";

/** Why a plan with problems is not carried out. A resource that a live run is changing now is held by that run. */
export function planRefused(
  { plan, problems }: PreparedPlan,
  { state, deadRuns }: Pick<PlanSource, "state" | "deadRuns">,
): ProjectFailure {
  const undecided = plan.resources.filter((each) => each.unrefreshed !== undefined);
  for (const { address } of undecided) {
    const holder = liveHolder(state, deadRuns, address);
    if (holder === undefined) continue;
    const addresses = undecided.map((each) => each.address).filter((each) =>
      liveHolder(state, deadRuns, each) === holder
    );
    return refusalFailure({ kind: "ClaimTaken", holder, addresses });
  }
  const count = problems.length;
  return {
    kind: "PlanRefused",
    message: count === 1
      ? "The plan has a problem: nothing was changed"
      : `The plan has ${count} problems: nothing was changed`,
  };
}

function liveHolder(
  { liveRuns, resources }: EnvironmentView,
  deadRuns: ReadonlySet<string>,
  address: string,
): RunState | undefined {
  const run = resources.get(address)?.intent?.run;
  return run === undefined || deadRuns.has(run) ? undefined : liveRuns.get(run);
}
