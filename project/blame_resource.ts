import { type Blame, blame } from "../audit/blame.ts";
import { stateAfter } from "../audit/verified_log.ts";
import { nearName } from "../engine/near_name.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { openInitialised } from "./workspace.ts";

/** Tells of each field of a resource who last changed it; and in which environment that is. */
export async function blameResource(
  ports: ProjectPorts,
  { address, environment }: { readonly address: string; readonly environment: string | undefined },
): Promise<Result<Blame & { readonly environment: string }, ProjectFailure>> {
  const found = await openInitialised(ports.workingFolder, environment);
  if (!found.ok) return found;
  const { workspace, chosen } = found.value;
  const log = await ports.readLog(workspace.paths, chosen);
  if (!log.ok) return log;
  const blamed = blame(log.value, address);
  if (blamed !== undefined) return ok({ ...blamed, environment: chosen.name });
  const { resources } = stateAfter(log.value, log.value.head.seq);
  const living = [...resources.values()].filter((each) => each.object !== undefined);
  const near = nearName(address, living.map((each) => each.address));
  const known = resources.has(address) ? `smelt history --address ${address} tells of its past` : undefined;
  return err({
    kind: "NotFound",
    message: `Nothing lives at "${address}" in ${chosen.name}`,
    hint: known ?? (near === undefined ? "smelt state ls lists all" : `Did you mean "${near}"?`),
    resource: address,
  });
}
