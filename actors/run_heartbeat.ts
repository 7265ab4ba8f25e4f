import type { Clock } from "../engine/clock.ts";
import type { RunLog } from "./run_log.ts";

/** Lets others know that a run lives: renews it after a third of its `ttl` of silence, until `signal` aborts. Rejects when the log takes no more. */
export async function keepAlive(clock: Clock, log: RunLog, signal: AbortSignal): Promise<void> {
  const quietMs = Math.floor(log.ttlMs / 3);
  for (;;) {
    const leftMs = quietMs - log.silenceMs();
    if (leftMs <= 0) {
      const renewed = await log.append([{ type: "RunRenewed" }]);
      // Others hold it for dead: there is nothing to renew.
      if (!renewed.ok) return;
    }
    const slept = await clock.sleep(Math.max(1, leftMs), signal).then(() => true, () => false);
    if (!slept) return;
  }
}
