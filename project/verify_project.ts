import type { AuditReport } from "../audit/audit_report.ts";
import { err, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { openInitialised } from "./workspace.ts";

/** Checks the whole log of an environment, from its first record on. */
export async function verifyProject(
  ports: ProjectPorts,
  environment: string | undefined,
): Promise<Result<AuditReport, ProjectFailure>> {
  const found = await openInitialised(ports.workingFolder, environment);
  if (!found.ok) return found;
  const { workspace, chosen } = found.value;
  const { id } = workspace.config;
  if (id === undefined) return err({ kind: "Config", message: 'smelt.toml has no "id" in "[project]"' });
  const { name, firstRecord, pin } = chosen;
  return await ports.auditEnvironment(workspace.paths, { name, firstRecord, pin, project: id });
}
