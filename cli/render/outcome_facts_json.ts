import { unreachable } from "../../engine/invariant.ts";
import type { StepOutcome } from "../../project/run_progress.ts";
import { failureText } from "./failure_text.ts";
import type { Printable } from "./json_text.ts";

/** How a step ended, as fields to put into the object that tells of the step. */
export function outcomeFactsJson(outcome: StepOutcome): { readonly [key: string]: Printable } {
  switch (outcome.kind) {
    case "succeeded":
      return { outcome: "succeeded", by: outcome.by };
    case "failed":
      return { outcome: "failed", failure: { ...failureText(outcome.failure) } };
    case "inDoubt":
      return {
        outcome: "in_doubt",
        failure: { kind: outcome.failure.kind, message: outcome.failure.message },
      };
    case "skipped":
      return { outcome: "skipped", because: outcome.because, reason: outcome.reason };
    default:
      return unreachable(outcome);
  }
}
