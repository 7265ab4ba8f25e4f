import { nearName } from "../engine/near_name.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "./failure.ts";
import { type ListedResource, listResources } from "./list_resources.ts";
import type { Moment, PlacedMoment } from "./log_moment.ts";
import { lookAt } from "./look_at.ts";
import type { ProjectPorts } from "./project_ports.ts";

/** Which resource, and when. */
export interface ResourceQuery {
  readonly address: string;
  /** The default one when `undefined`. */
  readonly environment: string | undefined;
  /** Now when `undefined`. */
  readonly at: Moment | undefined;
}

/** One resource as the log knows it, or knew it then. */
export async function findResource(
  ports: ProjectPorts,
  { address, environment, at }: ResourceQuery,
): Promise<
  Result<{ readonly listed: ListedResource; readonly moment: PlacedMoment | undefined }, ProjectFailure>
> {
  const look = await lookAt(ports, environment, at);
  if (!look.ok) return look;
  const { moment, name, state } = look.value;
  const all = listResources(state);
  const listed = all.find((each) => each.address === address);
  if (listed !== undefined) return ok({ listed, moment });
  const near = nearName(address, all.map((each) => each.address));
  const then = moment === undefined ? "" : ` as of record ${moment.seq}`;
  return err({
    kind: "NotFound",
    message: `No resource "${address}" in ${name}${then}`,
    hint: near === undefined ? "smelt state ls lists all" : `Did you mean "${near}"?`,
    resource: address,
  });
}
