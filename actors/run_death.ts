import type { RunState } from "../engine/environment.ts";
import type { RunBroken } from "../engine/environment_event.ts";
import type { RunLog } from "./run_log.ts";
import type { RunWorld } from "./run_world.ts";
import { shortestSince, stampNow } from "./time_stamp.ts";

/** What this machine can say of a run that the log holds for live. */
export type RunVerdict =
  | { readonly kind: "dead"; readonly reason: RunBroken["reason"] }
  /** Its process has its lock on this machine. */
  | { readonly kind: "held" }
  /** Another record of it came while it was watched. */
  | { readonly kind: "heard" }
  /** The log no longer holds it for live. */
  | { readonly kind: "ended" }
  /** Nobody waited until it could be told. */
  | { readonly kind: "interrupted" };

/** The lock of a run, as far as this machine knows it: those of other machines are not believed. */
export async function lookAtLock(
  { locks, starter }: Pick<RunWorld, "locks"> & { readonly starter: Pick<RunWorld["starter"], "host"> },
  { run, host }: { readonly run: string; readonly host: string },
): Promise<"held" | "free" | "unknown"> {
  return host === starter.host ? await locks.look(run) : "unknown";
}

/** Finds out whether a run is dead: by its lock at once, else by watching it for its `ttl`. */
export async function judgeRun(world: RunWorld, holder: RunState): Promise<RunVerdict> {
  const lock = await lookAtLock(world, holder.started);
  if (lock === "held") return { kind: "held" };
  return lock === "free" ? { kind: "dead", reason: "lockFree" } : await watchSilence(world, holder);
}

/** Watches a run that this machine has no lock of, until it is heard of or its `ttl` has passed. */
async function watchSilence(world: RunWorld, holder: RunState): Promise<RunVerdict> {
  const { run, host, ttlMs } = holder.started;
  const since = stampNow(world.clock);
  world.observer({ type: "RunWaits", forRun: run, host, atMostMs: ttlMs });
  for (;;) {
    await world.journal.refresh();
    const now = world.journal.state.liveRuns.get(run);
    if (now === undefined) return { kind: "ended" };
    if (now.lastSeq !== holder.lastSeq) return { kind: "heard" };
    const leftMs = ttlMs - shortestSince(world.clock, since);
    if (leftMs <= 0) return { kind: "dead", reason: "silent" };
    const waitMs = Math.min(leftMs, Math.max(1, Math.floor(ttlMs / 10)));
    const slept = await world.clock.sleep(waitMs, world.interrupts.stop).then(() => true, () => false);
    if (!slept) return { kind: "interrupted" };
  }
}

/**
 * Ends the runs of this machine whose process is gone, whatever they claim: it needs no claim, and a run that appends anyway
 * can say so in one record more. What they left open stays in doubt.
 */
export async function endGoneRuns(world: RunWorld, log: RunLog): Promise<void> {
  const gone: string[] = [];
  for (const [run, { started }] of log.state.liveRuns) {
    if (run !== log.run && await lookAtLock(world, started) === "free") gone.push(run);
  }
  // Another may have ended one meanwhile: its refusal says nothing new.
  const appended = gone.map((run) => log.append([{ type: "RunBroken", run, reason: "lockFree" }]));
  const answers = await Promise.allSettled(appended);
  for (const each of answers) {
    if (each.status === "rejected" && !log.isFault(each.reason)) throw each.reason;
  }
  if (log.health === "live") await forgetLocks(world, log, new Set(gone));
}

/** Clears away the locks of runs that have ended: that of a dead run is of use until nothing of it is open. */
export async function forgetLocks(world: RunWorld, log: RunLog, runs: ReadonlySet<string>): Promise<void> {
  if (runs.size === 0) return;
  const open = new Set<string>();
  for (const address of log.state.openTokens.values()) {
    const run = log.resource(address).intent?.run;
    if (run !== undefined) open.add(run);
  }
  for (const run of runs) if (!open.has(run)) await world.locks.forget(run);
}
