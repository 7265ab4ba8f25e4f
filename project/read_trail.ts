import type { TrailEntry } from "../audit/trail.ts";
import { ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { openWorkspace, pickInitialised } from "./workspace.ts";

/** What happened in an environment, or to one resource of it, in order. */
export async function readTrail(
  ports: ProjectPorts,
  request: { readonly environment: string | undefined; readonly address: string | undefined },
): Promise<Result<readonly TrailEntry[], ProjectFailure>> {
  const workspace = await openWorkspace(ports.workingFolder);
  if (!workspace.ok) return workspace;
  const chosen = pickInitialised(workspace.value, request.environment);
  if (!chosen.ok) return chosen;
  const { name, firstRecord } = chosen.value;
  const entries = await ports.readTrail(workspace.value.paths, { name, firstRecord });
  if (!entries.ok || request.address === undefined) return entries;
  return ok(entries.value.filter((each) => each.address === request.address));
}
