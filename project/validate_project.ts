import type { Result } from "../engine/result.ts";
import { type CheckedConfig, type ConfigFailure, loadDesired } from "./desired_config.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { openWorkspace, pickEnvironment } from "./workspace.ts";

/** Checks files without touching network, environment variables or the log. */
export async function validateProject(
  ports: ProjectPorts,
  files: readonly string[],
): Promise<Result<CheckedConfig, ConfigFailure | ProjectFailure>> {
  const workspace = await openWorkspace(ports.workingFolder);
  if (!workspace.ok) return workspace;
  const environment = pickEnvironment(workspace.value, undefined);
  if (!environment.ok) return environment;
  return await loadDesired({
    paths: workspace.value.paths,
    workingFolder: ports.workingFolder,
    given: files,
    environment: environment.value.name,
    registry: ports.registry(workspace.value.paths),
    readVariable: undefined,
  });
}
