import type { CallFailure } from "../../engine/call_failure.ts";

/** The failure of a call whose `signal` aborted: nobody waits any more. What it did is `certainty`. */
export function abandonedCall(signal: AbortSignal, certainty: "notDone" | "unknown"): CallFailure {
  const { reason } = signal;
  const isTimeout = reason instanceof Error && reason.name === "TimeoutError";
  return {
    kind: isTimeout ? "Timeout" : "Cancelled",
    retry: certainty === "notDone" ? "safe" : "withToken",
    certainty,
    message: isTimeout
      ? "Cannot wait for the sim cloud any longer: the deadline has passed"
      : "Cannot wait for the sim cloud any longer: the call was cancelled",
  };
}
