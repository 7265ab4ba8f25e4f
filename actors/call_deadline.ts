import type { Clock } from "../engine/clock.ts";

/** Milliseconds that an adapter may take to give up once its signal has aborted. */
const GRACE_MS = 2_000;

/** Why the timers of a call stop; made once, since an error of its own for each call costs as much as the call of a quick adapter. */
const ENDED = new DOMException("The call has ended", "AbortError");

/** The signal of one call, and when nobody waits for it any more. */
export interface CallDeadline {
  /** Aborts with a `TimeoutError` at the deadline, or with the reason of the operator's interrupt. */
  readonly signal: AbortSignal;
  /** Resolves when the call is given up: a while after the deadline, at once after an interrupt. */
  readonly givenUp: Promise<"Timeout" | "Cancelled">;
  /** Frees the timer; called once the call has ended. */
  end(): void;
}

/** Starts the deadline of a call, in milliseconds from now. */
export function startDeadline(clock: Clock, deadlineMs: number, leave: AbortSignal): CallDeadline {
  const call = new AbortController();
  const timers = new AbortController();
  const givenUp = Promise.withResolvers<"Timeout" | "Cancelled">();
  const onLeave = () => {
    call.abort(leave.reason);
    givenUp.resolve("Cancelled");
  };
  if (leave.aborted) onLeave();
  else leave.addEventListener("abort", onLeave, { once: true });
  const expire = async (ms: number) => {
    await clock.sleep(ms, timers.signal);
    call.abort(new DOMException("The call took longer than it may", "TimeoutError"));
    await clock.sleep(GRACE_MS, timers.signal);
    givenUp.resolve("Timeout");
  };
  // The only way for it to reject is `end`, which nobody waits after.
  expire(deadlineMs).then(undefined, () => undefined);
  return {
    signal: call.signal,
    givenUp: givenUp.promise,
    end: () => {
      leave.removeEventListener("abort", onLeave);
      timers.abort(ENDED);
    },
  };
}
