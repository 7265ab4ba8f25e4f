import { frameRun } from "../actors/run_frame.ts";
import type { RunLog } from "../actors/run_log.ts";
import type { Refusal } from "../engine/admit.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { type ApplyListener, runWorld, tellingRepairs } from "./apply_project.ts";
import type { ProjectFailure } from "./failure.ts";
import type { SignedCheckpoint } from "./notary.ts";
import type { OpenEnvironment, ProjectPorts } from "./project_ports.ts";
import { type ReadEnvironment, withEnvironment } from "./read_environment.ts";
import { refusalFailure } from "./refusal_failure.ts";
import { refusalText } from "./refusal_text.ts";
import { checkWhy } from "./said_secret.ts";

/** Of which environment a checkpoint is to be taken. */
export interface CheckpointRequest {
  readonly environment: string | undefined;
  readonly why: string | undefined;
}

/** Who is told. */
export type CheckpointListener = Pick<ApplyListener, "repaired" | "noticed" | "interrupts">;

/** A checkpoint that the log holds. */
export interface TakenCheckpoint extends SignedCheckpoint {
  readonly environment: string;
  readonly run: string;
}

/**
 * Takes a checkpoint in a run of its own: the log then names its roots, which everybody who verifies the log computes again, and
 * the note is for other places than the store.
 */
export async function takeCheckpoint(
  ports: ProjectPorts,
  { environment, why }: CheckpointRequest,
  listener: CheckpointListener,
): Promise<Result<TakenCheckpoint, ProjectFailure>> {
  return await withEnvironment(
    ports,
    { environment, purpose: "write", tell: (notice) => listener.noticed(notice) },
    (opened) => tellingRepairs(opened, listener, () => take(ports, opened, why, listener)),
  );
}

async function take(
  ports: ProjectPorts,
  opened: ReadEnvironment,
  why: string | undefined,
  { interrupts }: CheckpointListener,
): Promise<Result<TakenCheckpoint, ProjectFailure>> {
  const { environment, name } = opened;
  const said = await checkWhy(environment, why);
  if (!said.ok) return said;
  const refusal = environment.notary.refusal();
  if (refusal !== undefined) return err(refusal);
  const world = runWorld(ports, opened, { parallelism: 1, why }, { interrupts, progress: () => {} });
  const intention = { command: "audit checkpoint", writes: [], reads: [] };
  const framed = await frameRun(world, intention, async ({ log }) => {
    const result = await note(environment, log);
    return { outcome: result.ok ? "succeeded" : "failed", result };
  });
  if (!framed.ok) return err(refusalFailure(framed.error));
  const { result, run } = framed.value;
  return result.ok ? ok({ ...result.value, environment: name, run }) : result;
}

/** Signs a checkpoint of what the log holds now, and notes its roots there. */
async function note(
  { journal, notary }: OpenEnvironment,
  log: RunLog,
): Promise<Result<SignedCheckpoint, ProjectFailure>> {
  const signed = await notary.sign(journal.head.seq);
  if (!signed.ok) return signed;
  const { seq, root, object } = signed.value;
  const answer = await log.append([{ type: "CheckpointTaken", seq, root, object }]);
  return answer.ok ? signed : err(notTaken(answer.error));
}

function notTaken(refusal: Refusal): ProjectFailure {
  return { kind: "Store", message: `No checkpoint was taken: ${refusalText(refusal)}` };
}
