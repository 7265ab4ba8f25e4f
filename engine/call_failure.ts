/** What a call to a provider can meet, told by structured codes only. */
export const FAILURE_KINDS = [
  "NotFound",
  "AlreadyExists",
  "Denied", // this account may not do it
  "Auth", // no credentials, or they are not accepted
  "QuotaExceeded",
  "Throttled",
  "InvalidConfig",
  "ConstraintViolated", // the provider's own rule: outside the parent's range, not in this state
  "InUse",
  "Conflict",
  "PreconditionFailed", // the object is not the one that was read
  "NotReady",
  "Transient",
  "Timeout",
  "Cancelled",
  "Internal", // the adapter itself is at fault
] as const;

/** Whether the same request may go out again. `safe`: it cannot do harm. `withToken`: only under the same token. */
export const RETRIES = ["never", "safe", "withToken"] as const;

/** Whether the world changed: this decides between a failure and an unknown outcome. */
export const CERTAINTIES = ["notDone", "done", "unknown"] as const;

export type FailureKind = typeof FAILURE_KINDS[number];

/** Why a call failed. Plain data: it is written to the log and read back after a restart. */
export interface CallFailure {
  readonly kind: FailureKind;
  readonly retry: typeof RETRIES[number];
  readonly certainty: typeof CERTAINTIES[number];
  /** For people; scrubbed of secrets before it is stored or shown. */
  readonly message: string;
  /** Milliseconds after which the provider wants to be asked again, where it says so. */
  readonly retryAfterMs?: number;
}
