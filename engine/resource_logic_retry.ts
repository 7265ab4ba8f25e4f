import type { CallFailure, FailureKind } from "./call_failure.ts";
import type { WorldSchema } from "./schema.ts";

/** How long waits before further attempts are at most: each next one may be twice as long as the one before. */
interface Pace {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** What passes by itself, as soon as others ask less. */
const USUAL: Pace = { firstMs: 200, longestMs: 20_000 };
/** What somebody has to finish first. */
const PATIENT: Pace = { firstMs: 1_000, longestMs: 20_000 };
/** What a person has to change, in most clouds; where one says that it may be asked again, it is asked rarely. */
const RARE: Pace = { firstMs: 5_000, longestMs: 60_000 };

const PACES: Readonly<Record<FailureKind, Pace>> = {
  Throttled: USUAL,
  Transient: USUAL,
  Timeout: USUAL,
  Internal: USUAL,
  Cancelled: USUAL,
  NotReady: PATIENT,
  Conflict: PATIENT,
  InUse: PATIENT,
  NotFound: PATIENT,
  AlreadyExists: PATIENT,
  PreconditionFailed: PATIENT,
  Denied: RARE,
  Auth: RARE,
  QuotaExceeded: RARE,
  InvalidConfig: RARE,
  ConstraintViolated: RARE,
};

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
  const { firstMs, longestMs } = PACES[failure.kind];
  const bound = Math.min(longestMs, firstMs * 2 ** (attemptCount - 1));
  const waitMs = Math.max(failure.retryAfterMs ?? 0, 0) + Math.floor(bound * jitter);
  const sentAtMs = elapsedMs + waitMs;
  if (sentAtMs >= deadlineMs) return undefined;
  return isTokenAlive(failure, world, sentAtMs) ? waitMs : undefined;
}

/** Whether a request that may go out again only under its token still may, so long after the first sending of its intent. */
export function isTokenAlive(
  { retry }: CallFailure,
  world: WorldSchema | undefined,
  elapsedMs: number,
): boolean {
  return retry !== "withToken" || elapsedMs < (world?.tokenLifetimeMs ?? 0);
}

/**
 * What several attempts under one token amount to. Once one of them may have done something, a later definite failure says
 * only what the later one did.
 */
export function failureOfAttempts(failures: readonly CallFailure[], last: CallFailure): CallFailure {
  const isOpen = failures.some((each) => each.certainty !== "notDone");
  return isOpen && last.certainty === "notDone" ? { ...last, certainty: "unknown", retry: "never" } : last;
}
