import { systemClock } from "../../actors/system_clock.ts";
import type { Clock } from "../../engine/clock.ts";

const RATE = 5;
const START_MS = systemClock.wallMs();

/**
 * A clock on which so many seconds pass in one, for runs over a cloud that answers at once: what they wait for, so that an
 * absence counts, comes sooner. Clocks of the machine are not compared with it.
 */
export const hurriedClock: Clock = {
  wallMs: () => START_MS + (systemClock.wallMs() - START_MS) * RATE,
  monotonicMs: () => systemClock.monotonicMs() * RATE,
  sleep: (ms, signal) => systemClock.sleep(ms / RATE, signal),
};
