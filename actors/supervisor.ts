import type { CallFailure } from "../engine/call_failure.ts";
import type { Clock } from "../engine/clock.ts";
import { IntegrityError } from "../engine/integrity_error.ts";
import { InvariantError } from "../engine/invariant.ts";
import { err, ok, type Result } from "../engine/result.ts";

/** Milliseconds before the first restart; each next one waits twice as long. */
const FIRST_BACK_OFF_MS = 100;

/** What the supervisor does with work that throws. */
export interface Supervision {
  readonly clock: Clock;
  /** Times that the work is tried in all; 1 for what must not run twice. */
  readonly attemptCount: number;
  /** What the world is to be held for when the last attempt has thrown. */
  readonly certainty: CallFailure["certainty"];
}

/**
 * Runs work that reaches a broken world, again with back-off, and turns what it throws at last into a failure. The one
 * place beside `cli.ts` that takes any error; a bug and a failed verification are never taken.
 */
export async function supervise<T>(
  supervision: Supervision,
  work: () => Promise<T>,
): Promise<Result<T, CallFailure>> {
  const { clock, attemptCount, certainty } = supervision;
  for (let attempt = 1;; attempt++) {
    try {
      return ok(await work());
    } catch (reason) {
      if (reason instanceof IntegrityError || reason instanceof InvariantError) throw reason;
      if (attempt >= attemptCount) return err(failureOf(reason, certainty));
      await clock.sleep(FIRST_BACK_OFF_MS * 2 ** (attempt - 1));
    }
  }
}

function failureOf(reason: unknown, certainty: CallFailure["certainty"]): CallFailure {
  const message = reason instanceof Error ? reason.message : String(reason);
  return { kind: "Internal", retry: "never", certainty, message };
}
