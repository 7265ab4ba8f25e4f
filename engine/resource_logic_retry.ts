import type { CallFailure } from "./call_failure.ts";
import type { WorldSchema } from "./schema.ts";

/** Milliseconds of the first wait, at most; each next one may be twice as long. */
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 20_000;

/** Where a call stands when an attempt has failed. */
export interface RetryQuestion {
  readonly failure: CallFailure;
  /** Attempts so far, the failed one counted. */
  readonly attemptCount: number;
  /** Milliseconds since the first sending of the intent. */
  readonly elapsedMs: number;
  readonly deadlineMs: number;
  readonly world: WorldSchema | undefined;
  /** From 0 to below 1: full jitter, so that many who failed together do not come back together. */
  readonly jitter: number;
}

/**
 * Milliseconds after which the same request goes out again under the same token; `undefined`: not at all. Only where the
 * provider says that it cannot do harm, within the life of the token where it rests on that, and before the deadline.
 */
export function retryAfter(question: RetryQuestion): number | undefined {
  const { failure, attemptCount, elapsedMs, deadlineMs, world, jitter } = question;
  if (failure.certainty === "done" || failure.retry === "never") return undefined;
  const bound = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attemptCount - 1));
  const waitMs = Math.max(failure.retryAfterMs ?? 0, 0) + Math.floor(bound * jitter);
  const sentAtMs = elapsedMs + waitMs;
  if (sentAtMs >= deadlineMs) return undefined;
  const lifetimeMs = world?.tokenLifetimeMs ?? 0;
  return failure.retry === "withToken" && sentAtMs >= lifetimeMs ? undefined : waitMs;
}

/**
 * What several attempts under one token amount to. Once one of them may have done something, a later definite failure says
 * only what the later one did.
 */
export function failureOfAttempts(failures: readonly CallFailure[], last: CallFailure): CallFailure {
  const isOpen = failures.some((each) => each.certainty !== "notDone");
  return isOpen && last.certainty === "notDone" ? { ...last, certainty: "unknown", retry: "never" } : last;
}
