import { unreachable } from "../../engine/invariant.ts";
import type { Step } from "../../engine/steps.ts";
import type { RunProgress } from "../../project/run_progress.ts";
import { failureText } from "./failure_text.ts";
import type { Printable } from "./json_text.ts";
import { outcomeFactsJson } from "./outcome_facts_json.ts";

/** One thing that happened in a run, for scripts that read standard error line by line. */
export function progressJson(progress: RunProgress): Printable {
  switch (progress.type) {
    case "RunWaits": {
      const { forRun, host, atMostMs } = progress;
      return { event: "run_waits", for_run: forRun, host, at_most_ms: Math.round(atMostMs) };
    }
    case "RunBegan":
      return { event: "run_began", run: progress.run, steps: progress.stepCount };
    case "StepBegan":
      return { event: "step_began", ...stepJson(progress.step) };
    case "StepAccepted":
      return {
        event: "step_accepted",
        ...stepJson(progress.step),
        id: progress.id,
        elapsed_ms: Math.round(progress.elapsedMs),
      };
    case "StepProgressed":
      return {
        event: "step_progressed",
        ...stepJson(progress.step),
        what: progress.what,
        elapsed_ms: Math.round(progress.elapsedMs),
      };
    case "StepRetries":
      return {
        event: "step_retries",
        ...stepJson(progress.step),
        failure: { ...failureText({ kind: "Call", failure: progress.failure }) },
        after_ms: Math.round(progress.afterMs),
      };
    case "StepEnded":
      return {
        event: "step_ended",
        ...stepJson(progress.step),
        ...outcomeFactsJson(progress.outcome),
        elapsed_ms: Math.round(progress.elapsedMs),
      };
    case "ResolveWaits":
      return { event: "resolve_waits", address: progress.address, after_ms: Math.round(progress.afterMs) };
    case "Resolved": {
      const { address, outcome, evidence } = progress;
      return { event: "resolved", address, outcome: RESOLVED_WORDS[outcome], evidence };
    }
    default:
      return unreachable(progress);
  }
}

const RESOLVED_WORDS = { done: "done", notDone: "not_done", unknown: "unknown" } as const;

function stepJson(
  step: Step,
): { readonly address: string; readonly operation: string; readonly tier: number } {
  return { address: step.address, operation: operationWord(step.operation), tier: step.tier };
}

/** The operation as JSON writes it. */
export function operationWord(operation: Step["operation"]): string {
  if (operation === "forgetDeposed") return "forget_deposed";
  return operation === "deleteDeposed" ? "delete_deposed" : operation;
}
