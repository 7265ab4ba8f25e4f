import { err, ok, type Result } from "../engine/result.ts";
import type { ResourceSchema } from "../engine/schema.ts";
import { compareText } from "../engine/text_order.ts";
import type { ProjectFailure } from "./failure.ts";
import { findProjectRoot, projectPaths } from "./project_paths.ts";
import type { ProjectPorts } from "./project_ports.ts";

/** All resource types that the providers of this program know, by name. */
export async function listSchemas(ports: ProjectPorts): Promise<readonly ResourceSchema[]> {
  const { root } = await findProjectRoot(ports.workingFolder);
  return [...ports.registry(projectPaths(root)).schemas].sort((a, b) => compareText(a.type, b.type));
}

/** The schema of one type. */
export async function findSchema(
  ports: ProjectPorts,
  type: string,
): Promise<Result<ResourceSchema, ProjectFailure>> {
  const { root } = await findProjectRoot(ports.workingFolder);
  const found = ports.registry(projectPaths(root)).lookUp(type);
  if (found.ok) return ok(found.value.schema);
  const { message, hint } = found.error;
  return err(hint === undefined ? { kind: "NotFound", message } : { kind: "NotFound", message, hint });
}
