import type { AuditReport } from "../audit/audit_report.ts";
import { err, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { openWorkspace, pickInitialised } from "./workspace.ts";

/** Checks the whole log of an environment, from its first record on. */
export async function verifyProject(
  ports: ProjectPorts,
  environment: string | undefined,
): Promise<Result<AuditReport, ProjectFailure>> {
  const workspace = await openWorkspace(ports.workingFolder);
  if (!workspace.ok) return workspace;
  const chosen = pickInitialised(workspace.value, environment);
  if (!chosen.ok) return chosen;
  const { id } = workspace.value.config;
  if (id === undefined) return err({ kind: "Config", message: 'smelt.toml has no "id" in "[project]"' });
  const { name, firstRecord } = chosen.value;
  return await ports.auditEnvironment(workspace.value.paths, { name, firstRecord, project: id });
}
