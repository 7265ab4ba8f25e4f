import type { Result } from "../engine/result.ts";
import { type CheckedConfig, type ConfigFailure, loadDesired } from "./desired_config.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { openWorkspace, pickEnvironment } from "./workspace.ts";

/**
 * Reads what the files want of one environment, the default one when it is `undefined`, without touching network,
 * environment variables or the log.
 */
export async function checkProject(
  ports: ProjectPorts,
  files: readonly string[],
  environment?: string,
): Promise<Result<CheckedConfig, ConfigFailure | ProjectFailure>> {
  const workspace = await openWorkspace(ports.workingFolder);
  if (!workspace.ok) return workspace;
  const chosen = pickEnvironment(workspace.value, environment);
  if (!chosen.ok) return chosen;
  return await loadDesired({
    workspace: workspace.value,
    workingFolder: ports.workingFolder,
    given: files,
    environment: chosen.value,
    registry: ports.registry(workspace.value.paths),
    secrets: ports.secrets,
    readVariable: undefined,
    secretReader: undefined,
  });
}
