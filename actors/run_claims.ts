/**
 * How a run comes by its claims.
 *
 *   K1. The run's own lock is taken before `RunStarted`, which is awaited alone.
 *   K2. A run is held for dead when its lock on this machine is free, or when nothing was heard of it for its `ttl` here, by
 *       the clock that says less; never by comparing the clocks of two machines.
 *   K3. Whoever lives is never waited for: an overlap with it is refused at once.
 *   K4. Ending a dead run frees its claims and does nothing else.
 */
import type { Refusal } from "../engine/admit.ts";
import type { RunState } from "../engine/environment.ts";
import type { RunBroken, RunStarted } from "../engine/environment_event.ts";
import { randomId } from "../engine/random.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { RunLog } from "./run_log.ts";
import type { HeldRunLock, RunWorld } from "./run_world.ts";
import { shortestSince, stampNow, type TimeStamp } from "./time_stamp.ts";

/** What a new run says of itself. */
export type RunIntention =
  & Pick<RunStarted, "command" | "writes" | "reads">
  & Partial<Pick<RunStarted, "plan" | "resumes">>;

/** A run that holds its claims. */
export interface ClaimedRun {
  readonly log: RunLog;
  readonly lock: HeldRunLock;
  /** When the claims were durable. */
  readonly claimedAt: TimeStamp;
}

/** Starts a run. Refused with `ClaimTaken` while a run that lives holds what it would claim. */
export async function claimRun(
  world: RunWorld,
  intention: RunIntention,
): Promise<Result<ClaimedRun, Refusal>> {
  const run = randomId(world.random);
  const lock = await world.locks.take(run);
  const log = new RunLog(world.journal, world.clock, { run, ttlMs: world.limits.ttlMs });
  let end: "claimed" | "refused" | "unknown" = "unknown";
  try {
    const refusal = await claim(world, log, startedEvent(world, run, intention));
    end = refusal === undefined ? "claimed" : "refused";
    return refusal === undefined ? ok({ log, lock, claimedAt: stampNow(world.clock) }) : err(refusal);
  } finally {
    // A start whose append failed may lie in the log all the same: the free lock then says that nobody is there.
    if (end !== "claimed") await lock.release(end === "refused" ? "clear" : "keep");
  }
}

function startedEvent(world: RunWorld, run: string, intention: RunIntention): RunStarted {
  const { host, who, why } = world.starter;
  const { ttlMs } = world.limits;
  return { type: "RunStarted", run, ...intention, host, who, ttlMs, ...(why === undefined ? {} : { why }) };
}

/** Claims, taking over from the dead; the refusal when somebody lives. */
async function claim(world: RunWorld, log: RunLog, started: RunStarted): Promise<Refusal | undefined> {
  for (;;) {
    const answer = await log.append([started]);
    if (answer.ok) return undefined;
    if (answer.error.kind !== "ClaimTaken") return answer.error;
    const reason = await whyDead(world, answer.error.holder);
    if (reason === undefined) return answer.error;
    const broken = await log.append([{ type: "RunBroken", run: answer.error.holder.started.run, reason }]);
    // Another has ended it in the meantime: the claims are free, or taken by that other.
    if (!broken.ok && broken.error.kind !== "RunNotLive") return broken.error;
  }
}

/** Why `holder` is held for dead; `undefined` when it lives, or may. */
async function whyDead(world: RunWorld, holder: RunState): Promise<RunBroken["reason"] | undefined> {
  const { run, host } = holder.started;
  const lock = host === world.starter.host ? await world.locks.look(run) : "unknown";
  if (lock === "held") return undefined;
  return lock === "free" ? "lockFree" : await watchSilence(world, holder);
}

/** Watches a run that this machine has no lock of, until it is heard of or its `ttl` has passed. */
async function watchSilence(world: RunWorld, holder: RunState): Promise<"silent" | undefined> {
  const { run, host, ttlMs } = holder.started;
  const since = stampNow(world.clock);
  world.observer({ type: "RunWaits", forRun: run, host, atMostMs: ttlMs });
  for (;;) {
    await world.journal.refresh();
    const now = world.journal.state.liveRuns.get(run);
    if (now === undefined) return "silent";
    if (now.lastSeq !== holder.lastSeq) return undefined;
    const leftMs = ttlMs - shortestSince(world.clock, since);
    if (leftMs <= 0) return "silent";
    const waitMs = Math.min(leftMs, Math.max(1, Math.floor(ttlMs / 10)));
    const slept = await world.clock.sleep(waitMs, world.interrupts.stop).then(() => true, () => false);
    if (!slept) return undefined;
  }
}
