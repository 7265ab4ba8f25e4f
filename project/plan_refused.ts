import { isRefusing } from "../engine/plan_problems.ts";
import type { ProjectFailure } from "./failure.ts";
import type { PreparedPlan } from "./prepare_plan.ts";
import { refusalFailure } from "./refusal_failure.ts";

/** Why a plan is not carried out: it has problems, or, where it has none that refuse it, a live run is changing what it is about. */
export function planRefused({ problems, held }: PreparedPlan): ProjectFailure {
  const [holder] = held;
  if (!problems.some(isRefusing) && holder !== undefined) {
    return refusalFailure({ kind: "ClaimTaken", ...holder });
  }
  const count = problems.length;
  return {
    kind: "PlanRefused",
    message: count === 1
      ? "The plan has a problem: nothing was changed"
      : `The plan has ${count} problems: nothing was changed`,
  };
}
