import { ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "./failure.ts";
import { findResource } from "./find_resource.ts";
import type { ListedResource } from "./list_resources.ts";
import type { Moment, PlacedMoment } from "./log_moment.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { recordInClear, type RevealListener, sealedPaths, withRevelation } from "./reveal_secrets.ts";

/** One resource with its secrets in clear, as the log knows it or knew it then. */
export async function revealResource(
  ports: ProjectPorts,
  query: {
    readonly address: string;
    readonly environment: string | undefined;
    readonly at: Moment | undefined;
  },
  listener: RevealListener,
): Promise<
  Result<{ readonly listed: ListedResource; readonly moment: PlacedMoment | undefined }, ProjectFailure>
> {
  const request = { command: "show --reveal", environment: query.environment };
  return await withRevelation(ports, request, listener, async ({ name, environment: { vault } }) => {
    const found = await findResource(ports, { ...query, environment: name });
    if (!found.ok) return found;
    const { listed, moment } = found.value;
    const paths = (["inputs", "fields", "outputs"] as const).flatMap((part) =>
      sealedPaths(listed[part], part)
    );
    const clear = {
      ...listed,
      inputs: await recordInClear(vault, listed.inputs),
      fields: await recordInClear(vault, listed.fields),
      outputs: await recordInClear(vault, listed.outputs),
    };
    const revealed = paths.length === 0 ? [] : [{ subject: listed.address, paths }];
    return ok({ shown: { listed: clear, moment }, revealed });
  });
}
