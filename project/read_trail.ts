import { trail, type TrailEntry } from "../audit/trail.ts";
import { nearName } from "../engine/near_name.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { openInitialised } from "./workspace.ts";

/** What happened in an environment, or to one resource of it, in order. */
export async function readTrail(
  ports: ProjectPorts,
  request: { readonly environment: string | undefined; readonly address: string | undefined },
): Promise<Result<readonly TrailEntry[], ProjectFailure>> {
  const found = await openInitialised(ports.workingFolder, request.environment);
  if (!found.ok) return found;
  const { workspace, chosen } = found.value;
  const { name } = chosen;
  const log = await ports.readLog(workspace.paths, chosen);
  if (!log.ok) return log;
  const entries = ok([...trail(log.value.records)]);
  if (request.address === undefined) return entries;
  const { address } = request;
  const told = entries.value.filter((each) => each.address === address);
  return told.length > 0 ? ok(told) : err(neverKnown(address, name, entries.value));
}

function neverKnown(address: string, environment: string, entries: readonly TrailEntry[]): ProjectFailure {
  const known = new Set(entries.flatMap((each) => each.address === undefined ? [] : [each.address]));
  const near = nearName(address, known);
  return {
    kind: "NotFound",
    message: `The log of ${environment} has never known "${address}"`,
    hint: near === undefined ? "smelt history without --address tells of all" : `Did you mean "${near}"?`,
    resource: address,
  };
}
