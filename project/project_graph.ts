import { ok, type Result } from "../engine/result.ts";
import { type ResourceGraph, resourceGraph } from "../engine/resource_graph.ts";
import type { ConfigFailure } from "./desired_config.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { validateProject } from "./validate_project.ts";

/** Reads the files and orders what they want by what relies on what. */
export async function projectGraph(
  ports: ProjectPorts,
  files: readonly string[],
): Promise<Result<ResourceGraph, ConfigFailure | ProjectFailure>> {
  const checked = await validateProject(ports, files);
  return checked.ok ? ok(resourceGraph(checked.value.desired.resources)) : checked;
}
