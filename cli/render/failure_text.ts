import { unreachable } from "../../engine/invariant.ts";
import type { MissingOutput } from "../../engine/wanted.ts";
import { refusalText } from "../../project/refusal_text.ts";
import type { StepFailure } from "../../project/run_progress.ts";

/** Why a step failed, as a word for scripts and a sentence for people. */
export interface FailureText {
  readonly kind: string;
  readonly message: string;
}

/** Puts the reason of a failure in words, to follow a colon. */
export function failureText(failure: StepFailure): FailureText {
  switch (failure.kind) {
    case "Call":
      return { kind: failure.failure.kind, message: failure.failure.message };
    case "Refused":
      return { kind: failure.refusal.kind, message: refusalText(failure.refusal) };
    case "Binding":
      return { kind: failure.missing.kind, message: missingText(failure.missing) };
    case "Moved":
      return { kind: failure.kind, message: failure.message };
    default:
      return unreachable(failure);
  }
}

function missingText({ source, available }: MissingOutput): string {
  const given = available.length === 0 ? "it does not live" : `it has ${available.join(", ")}`;
  return `${source.address} has no output "${source.output}": ${given}`;
}
