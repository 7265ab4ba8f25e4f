import type { Clock } from "../engine/clock.ts";

/** Calls `tick` every `everyMs` milliseconds until the returned function is called. */
export function startTicks(clock: Clock, everyMs: number, tick: () => void): () => void {
  const stop = new AbortController();
  const run = async () => {
    for (;;) {
      const slept = await clock.sleep(everyMs, stop.signal).then(() => true, () => false);
      if (!slept || stop.signal.aborted) return;
      tick();
    }
  };
  run();
  return () => stop.abort();
}
