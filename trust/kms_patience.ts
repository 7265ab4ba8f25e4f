import type { Clock } from "../engine/clock.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { type KmsFault, mayPass } from "./kms_fault.ts";

/** Milliseconds for an answer, and before each further attempt: 20 s in all, so that a live run is not held for dead. */
const ANSWER_MS = 3_000;
const WAITS_MS: readonly number[] = [200, 600, 1_500, 3_000];

/** Makes a call that may be made again without harm, until it answers, fails for good, or has been made five times. */
export async function patiently<T>(
  clock: Clock,
  call: (signal: AbortSignal) => Promise<T>,
  faultOf: (error: unknown) => KmsFault,
): Promise<Result<T, KmsFault>> {
  for (let attempt = 0;; attempt++) {
    const answer = await inTime(clock, call).then(
      (value) => ok(value),
      (error: unknown) => err(faultOf(error)),
    );
    const waitMs = WAITS_MS[attempt];
    if (answer.ok || waitMs === undefined || !mayPass(answer.error)) return answer;
    await clock.sleep(waitMs);
  }
}

/** What `call` answers, or a `TimeoutError` once the time is over; the call is aborted then. */
async function inTime<T>(clock: Clock, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const late = new AbortController();
  const answered = new AbortController();
  const timeout = clock.sleep(ANSWER_MS, answered.signal).then(() => {
    const error = new DOMException(`No answer within ${ANSWER_MS} ms`, "TimeoutError");
    late.abort(error);
    throw error;
  });
  const answer = call(late.signal);
  // Whichever comes second has nobody to tell.
  void Promise.allSettled([timeout, answer]);
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    answered.abort();
  }
}
