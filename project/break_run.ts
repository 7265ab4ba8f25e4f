import { judgeRun } from "../actors/run_death.ts";
import { frameRun, type RunWork } from "../actors/run_frame.ts";
import type { RunWorld } from "../actors/run_world.ts";
import type { Refusal } from "../engine/admit.ts";
import type { RunState } from "../engine/environment.ts";
import type { RunBroken } from "../engine/environment_event.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "./failure.ts";
import { refusalFailure } from "./refusal_failure.ts";
import { holderText, refusalText } from "./refusal_text.ts";

/** What came of looking whether a run is dead. */
export type DeathFound = { readonly kind: "dead"; readonly reason: RunBroken["reason"] } | {
  readonly kind: "ended";
};

/** Finds out whether a run that the log holds for live is dead; the failure says who lives, since when, and what to wait for. */
export async function findDeath(
  world: RunWorld,
  holder: RunState,
): Promise<Result<DeathFound, ProjectFailure>> {
  const verdict = await judgeRun(world, holder);
  switch (verdict.kind) {
    case "dead":
    case "ended":
      return ok(verdict);
    case "held":
      return err(lives(holder, "its process holds its lock on this machine", "Wait for its end"));
    case "heard": {
      const seconds = Math.ceil(holder.started.ttlMs / 1_000);
      return err(lives(
        holder,
        "it was heard of just now",
        `Wait for its end; it is held for dead only after ${seconds} s in which nothing is heard of it`,
      ));
    }
    case "interrupted":
      return err(lives(holder, "nobody waited until its silence could count", "Run the command again"));
  }
}

function lives(holder: RunState, why: string, hint: string): ProjectFailure {
  const claims = [...holder.writes];
  return {
    kind: "RunLive",
    message: `Cannot take the run for dead, ${why}: ${holderText(holder)}`,
    details: [
      `run ${holder.started.run}`,
      claims.length === 0 ? "it holds nothing" : `it holds ${claims.slice(0, 5).join(", ")}${more(claims)}`,
    ],
    hint,
  };
}

function more(claims: readonly string[]): string {
  return claims.length > 5 ? ` and ${claims.length - 5} more` : "";
}

/** Ends a dead run, in a run of its own that claims nothing. Gives the name of that run. */
export async function breakRun(
  world: RunWorld,
  errand: { readonly command: string; readonly resumes?: string },
  dead: Pick<RunBroken, "run" | "reason">,
): Promise<Result<string, ProjectFailure>> {
  const framed = await frameRun(world, { ...errand, writes: [], reads: [] }, async ({ log }) => {
    // The frame itself ends what is gone from this machine.
    const isLive = log.state.liveRuns.has(dead.run);
    const answer = isLive ? await log.append([{ type: "RunBroken", ...dead }]) : ok(undefined);
    const isOver = answer.ok || answer.error.kind === "RunNotLive";
    return {
      outcome: isOver ? "succeeded" : "failed",
      result: isOver ? undefined : answer.error,
    } satisfies RunWork<Refusal | undefined>;
  });
  if (!framed.ok) return err(refusalFailure(framed.error));
  const { result, run } = framed.value;
  return result === undefined
    ? ok(run)
    : err({ kind: "Store", message: `Cannot end the run ${dead.run}: ${refusalText(result)}` });
}
