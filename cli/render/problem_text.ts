import type { PlanProblem } from "../../engine/plan_problems.ts";
import { errorLines } from "../report_failure.ts";
import type { Line } from "../text.ts";

/** Why a plan cannot be applied, one problem each. */
export function problemLines(problem: PlanProblem): readonly Line[] {
  switch (problem.kind) {
    case "Protected":
      return errorLines(
        `Cannot ${problem.action} ${problem.address}: it is protected`,
        problem.byHand === true
          ? `It was protected by hand: smelt unprotect ${problem.address} ends that`
          : 'Take @lifecycle "prevent_destroy" off it and apply that first',
      );
    case "Arrival":
      return errorLines(`Cannot make ${problem.what} to ${problem.address}: ${problem.why}`);
    case "MissingOutput":
      return errorLines(
        `Cannot bind ${problem.address}: ${problem.source} has no output "${problem.output}"`,
        problem.available.length === 0 ? undefined : `It has ${problem.available.join(", ")}`,
      );
    case "UnfitValue":
      return errorLines(`${problem.why}, in ${problem.address}`);
    case "Unrefreshed":
      return errorLines(`Cannot decide ${problem.address}: ${problem.why}`);
  }
}
