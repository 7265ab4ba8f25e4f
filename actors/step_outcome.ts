import type { Refusal } from "../engine/admit.ts";
import type { CallFailure } from "../engine/call_failure.ts";
import type { MissingOutput } from "../engine/wanted.ts";

/** How a step ended. */
export type StepOutcome =
  | {
    readonly kind: "succeeded";
    /** `recorded`: nothing had to be called. */
    readonly by: "call" | "resolution" | "recorded";
  }
  | { readonly kind: "failed"; readonly failure: StepFailure }
  /** The call may have been done: a later run settles it. */
  | { readonly kind: "inDoubt"; readonly failure: CallFailure }
  | { readonly kind: "skipped"; readonly because: string; readonly reason: string };

/** Why a step failed, nothing having been done. */
export type StepFailure =
  | { readonly kind: "Call"; readonly failure: CallFailure }
  | { readonly kind: "Refused"; readonly refusal: Refusal }
  | { readonly kind: "Binding"; readonly missing: MissingOutput }
  /** The state met is not the one that the plan was made on. */
  | { readonly kind: "Moved"; readonly message: string };

/** The worse of two outcomes of one resource. */
export function worseOutcome(a: StepOutcome, b: StepOutcome): StepOutcome {
  return RANKS[b.kind] > RANKS[a.kind] ? b : a;
}

const RANKS: Readonly<Record<StepOutcome["kind"], number>> = {
  succeeded: 0,
  skipped: 1,
  failed: 2,
  inDoubt: 3,
};

/** What a run says of a resource that another has taken over meanwhile. */
export const TAKEN_OVER: CallFailure = {
  kind: "Cancelled",
  retry: "never",
  certainty: "unknown",
  message: "Another run has ended this one, and settles what it left open",
};
