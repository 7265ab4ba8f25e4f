import type { CallFailure, FailureKind } from "../engine/call_failure.ts";

/** A failure that left the world as it was and would come again: the request or the world must change first. */
export function refused(kind: FailureKind, message: string): CallFailure {
  return { kind, retry: "never", certainty: "notDone", message };
}

/** The signal ended a call that had not been sent. */
export function cancelledBefore(signal: AbortSignal): CallFailure {
  return { ...cancelled(signal), retry: "safe", certainty: "notDone" };
}

/** The signal ended the waiting for a call that had been sent: it may still have its effect. */
export function cancelledDuring(signal: AbortSignal): CallFailure {
  return { ...cancelled(signal), retry: "never", certainty: "unknown" };
}

function cancelled(signal: AbortSignal): Pick<CallFailure, "kind" | "message"> {
  const reason: unknown = signal.reason;
  return reason instanceof DOMException && reason.name === "TimeoutError"
    ? { kind: "Timeout", message: "The call took longer than it may" }
    : { kind: "Cancelled", message: "The call was cancelled" };
}
