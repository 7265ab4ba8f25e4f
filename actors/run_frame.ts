/**
 * What stands around the work of every run: claims before it, heartbeats beside it, its end after it.
 *
 *   F1. `RunFinished` is the last record of a run; a run that others have ended appends none.
 *   F2. Outcomes that could not be stored are kept aside, and where is told.
 *   F3. The lock of a run stays behind, free, when it leaves anything open: whoever settles it must know that the process is gone.
 *   F4. A run that appends anyway ends all others of this machine whose process is gone, whether or not they stand in its way.
 */
import type { RunOutcome } from "../engine/environment_event.ts";
import type { Refusal } from "../engine/admit.ts";
import { IntegrityError } from "../engine/integrity_error.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { type ClaimedRun, claimRun, type RunIntention } from "./run_claims.ts";
import { endGoneRuns } from "./run_death.ts";
import { keepAlive } from "./run_heartbeat.ts";
import type { RunLog } from "./run_log.ts";
import type { RunWorld } from "./run_world.ts";

/** How a run ended. `lost`: others held it for dead. `broken`: the log took no more records. */
export type RunEnd = RunOutcome | "lost" | "broken";

/** What a run brought. */
export interface FramedRun<T> {
  readonly run: string;
  readonly end: RunEnd;
  readonly result: T;
  /** Where outcomes lie that could not be stored, when there are any. */
  readonly unsavedAt: string | undefined;
}

/** What the work of a run answers: how it is to end, and what it brought. */
export interface RunWork<T> {
  readonly outcome: RunOutcome;
  readonly result: T;
}

/** Claims, does `work` and ends the run. Rejects for bugs and damage only, or when nothing at all could be appended. */
export async function frameRun<T>(
  world: RunWorld,
  intention: RunIntention,
  work: (claimed: ClaimedRun) => Promise<RunWork<T>>,
): Promise<Result<FramedRun<T>, Refusal>> {
  const claimed = await claimRun(world, intention);
  if (!claimed.ok) return err(claimed.error);
  const { log, lock } = claimed.value;
  const beats = new AbortController();
  const beating = Promise.allSettled([keepAlive(world.clock, log, beats.signal)]);
  try {
    await endGoneRuns(world, log);
    const { outcome, result } = await work(claimed.value);
    beats.abort();
    const [beat] = await beating;
    if (beat?.status === "rejected" && !log.isFault(beat.reason)) throw beat.reason;
    const end = await finish(log, outcome);
    return ok({ run: log.run, end, result, unsavedAt: await saveUnsaved(world, log) });
  } catch (reason) {
    await saveUnsaved(world, log);
    throw cutShort(reason, log);
  } finally {
    beats.abort();
    await lock.release(leavesOpen(log) ? "keep" : "clear");
  }
}

async function saveUnsaved(world: RunWorld, log: RunLog): Promise<string | undefined> {
  return log.unsaved.length === 0 ? undefined : await world.saveUnsaved(log.run, log.unsaved);
}

async function finish(log: RunLog, outcome: RunOutcome): Promise<RunEnd> {
  if (log.health === "broken") return "broken";
  return await log.append([{ type: "RunFinished", outcome }]).then(
    (answer) => answer.ok ? outcome : "lost",
    (reason) => {
      if (!log.isFault(reason)) throw reason;
      return "broken" as const;
    },
  );
}

/** Damage ends the run as it stands: whoever reads of it must not take it for a refusal before anything was done. */
function cutShort(reason: unknown, log: RunLog): unknown {
  if (!(reason instanceof IntegrityError) || log.changed.size === 0) return reason;
  const states = [...log.changed].map((address) => log.resource(address));
  const cut = {
    run: log.run,
    deposed: states.flatMap(({ address, deposed }) => deposed.map(({ object: { id } }) => ({ address, id }))),
    inDoubt: states.filter(({ intent }) => intent?.run === log.run).map(({ address }) => address),
  };
  const { kind, where, message, hint } = reason;
  return new IntegrityError(kind, where, message, { cause: reason, hint, cut });
}

/** Whether any intent of the run is open, so far as the log says. */
function leavesOpen(log: RunLog): boolean {
  for (const address of log.state.openTokens.values()) {
    if (log.resource(address).intent?.run === log.run) return true;
  }
  return log.state.liveRuns.has(log.run);
}
