/** What a call to a provider met, by structured code only. */
export type FailureKind =
  | "NotFound"
  | "AlreadyExists"
  | "Denied" // this account may not do it
  | "Auth" // no credentials, or they are not accepted
  | "QuotaExceeded"
  | "Throttled"
  | "InvalidConfig"
  | "ConstraintViolated" // the provider's own rule: outside the parent's range, not in this state
  | "InUse"
  | "Conflict"
  | "PreconditionFailed" // the object is not the one that was read
  | "NotReady"
  | "Transient"
  | "Timeout"
  | "Cancelled"
  | "Internal"; // the adapter itself is at fault

/** Why a call failed. Plain data: it is written to the log and read back after a restart. */
export interface CallFailure {
  readonly kind: FailureKind;
  /** `safe`: sending again cannot do harm. `withToken`: only under the same token. */
  readonly retry: "never" | "safe" | "withToken";
  /** Whether the world changed: this decides between a failure and an unknown outcome. */
  readonly certainty: "notDone" | "done" | "unknown";
  /** For people; scrubbed of secrets before it is stored or shown. */
  readonly message: string;
  /** Milliseconds after which the provider wants to be asked again, where it says so. */
  readonly retryAfterMs?: number;
}
