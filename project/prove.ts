import { ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "./failure.ts";
import type { Notice } from "./notice.ts";
import type { Proof, ProofSubject } from "./notary.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { readCheckpointFile } from "./read_checkpoint_file.ts";
import { withEnvironment } from "./read_environment.ts";

/** What is to be proven, and under what. */
export interface ProofRequest {
  readonly environment: string | undefined;
  readonly subject: ProofSubject;
  /** The file of a checkpoint that was signed earlier; a new one is signed when `undefined`. */
  readonly checkpoint: string | undefined;
}

/** Proves something of a log to those who have neither the log nor smelt. Appends nothing. */
export async function prove(
  ports: ProjectPorts,
  { environment, subject, checkpoint }: ProofRequest,
  tell: (notice: Notice) => void,
): Promise<Result<Proof, ProjectFailure>> {
  const given = checkpoint === undefined
    ? ok(undefined)
    : await readCheckpointFile(ports.workingFolder, checkpoint);
  if (!given.ok) return given;
  return await withEnvironment(
    ports,
    { environment, purpose: given.value === undefined ? "write" : "read", ended: "taken", tell },
    (opened) => opened.environment.notary.prove(subject, given.value),
  );
}
