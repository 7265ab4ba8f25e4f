import { ok, type Result } from "../engine/result.ts";
import { type ResourceGraph, resourceGraph } from "../engine/resource_graph.ts";
import { checkProject } from "./check_project.ts";
import type { ConfigFailure } from "./desired_config.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";

/** Reads the files and orders what they want by what relies on what. */
export async function projectGraph(
  ports: ProjectPorts,
  files: readonly string[],
): Promise<Result<ResourceGraph, ConfigFailure | ProjectFailure>> {
  const checked = await checkProject(ports, files);
  return checked.ok ? ok(resourceGraph(checked.value.desired.resources)) : checked;
}
