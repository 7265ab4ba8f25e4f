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
import type { RunStarted } from "../engine/environment_event.ts";
import { randomId } from "../engine/random.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { judgeRun } from "./run_death.ts";
import { RunLog } from "./run_log.ts";
import type { HeldRunLock, RunWorld } from "./run_world.ts";
import { stampNow, type TimeStamp } from "./time_stamp.ts";

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
  const log = new RunLog(world, { run, ttlMs: world.limits.ttlMs });
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
    const { holder } = answer.error;
    const verdict = await judgeRun(world, holder);
    if (verdict.kind === "ended") continue;
    if (verdict.kind !== "dead") return answer.error;
    const { reason } = verdict;
    const broken = await log.append([{ type: "RunBroken", run: holder.started.run, reason }]);
    // Another has ended it in the meantime: the claims are free, or taken by that other.
    if (!broken.ok && broken.error.kind !== "RunNotLive") return broken.error;
  }
}
