import type { AuditReport } from "../audit/audit_report.ts";
import type { HeldCheckpoint } from "../audit/held_checkpoint.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { readCheckpointFile } from "./read_checkpoint_file.ts";
import { type InitialisedEnvironment, openInitialised } from "./workspace.ts";

/**
 * Checks the whole log of an environment, from its first record on. Holds it against the signed checkpoint in the file `checkpoint`,
 * or in the one that smelt.toml names.
 */
export async function verifyProject(
  ports: ProjectPorts,
  environment: string | undefined,
  checkpoint?: string,
): Promise<Result<AuditReport, ProjectFailure>> {
  const found = await openInitialised(ports.workingFolder, environment);
  if (!found.ok) return found;
  const { workspace, chosen } = found.value;
  const { id } = workspace.config;
  if (id === undefined) return err({ kind: "Config", message: 'smelt.toml has no "id" in "[project]"' });
  const held = await heldCheckpoint(ports, found.value, checkpoint);
  if (!held.ok) return held;
  const { name, firstRecord, pin } = chosen;
  const wanted = { name, firstRecord, pin, checkpoint: chosen.checkpoint, project: id, held: held.value };
  return await ports.auditEnvironment(workspace.paths, wanted);
}

async function heldCheckpoint(
  { workingFolder }: ProjectPorts,
  { workspace, chosen }: InitialisedEnvironment,
  given: string | undefined,
): Promise<Result<HeldCheckpoint | undefined, ProjectFailure>> {
  const { config, paths } = workspace;
  const source = given ?? chosen.checkpoint?.file;
  if (source === undefined) return ok(undefined);
  const file = await readCheckpointFile(given === undefined ? paths.root : workingFolder, source);
  return file.ok ? ok({ file: file.value, witnesses: config.witnesses }) : file;
}
