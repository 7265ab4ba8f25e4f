import type { Clock } from "../engine/clock.ts";

/** A moment by both clocks of this machine: the wall may jump, the monotonic one may stand still while the machine sleeps. */
export interface TimeStamp {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/** Takes the moment. */
export function stampNow(clock: Clock): TimeStamp {
  return { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() };
}

/** Milliseconds since `then`, by the clock that says more: how one who holds something counts. */
export function longestSince(clock: Clock, then: TimeStamp): number {
  return Math.max(clock.wallMs() - then.wallMs, clock.monotonicMs() - then.monotonicMs);
}

/** Milliseconds since `then`, by the clock that says less: how one who waits for another's time to run out counts. */
export function shortestSince(clock: Clock, then: TimeStamp): number {
  return Math.max(0, Math.min(clock.wallMs() - then.wallMs, clock.monotonicMs() - then.monotonicMs));
}
