import type { EnvironmentLog, ListedEnvironment } from "../../project/list_environments.ts";
import type { Printable } from "./json_text.ts";

/** An environment for scripts. */
export function environmentJson(listed: ListedEnvironment): { readonly [key: string]: Printable } {
  const { checkpoint, firstRecord, pin, variables } = listed;
  return {
    name: listed.name,
    default: listed.isDefault,
    protected: listed.isProtected,
    layers: listed.layers.map((each) => each.name),
    region: variables.get("region") ?? null,
    project_id: variables.get("project_id") ?? null,
    vars: Object.fromEntries(ownVariables(listed)),
    first_record: firstRecord ?? null,
    pin: pin === undefined ? null : { seq: pin.seq, hash: pin.hash },
    checkpoint: checkpoint?.file ?? null,
    log: logJson(listed.log),
  };
}

/** The variables that stand in `vars`: not those that have a key of their own. */
export function ownVariables({ variables }: ListedEnvironment): readonly (readonly [string, string])[] {
  return [...variables].filter(([name]) => !["environment", "region", "project_id"].includes(name));
}

function logJson(log: EnvironmentLog): Printable {
  if (log.kind !== "here") return { state: log.kind };
  return {
    state: log.isClosed ? "closed" : "open",
    resources: log.resourceCount,
    head: { seq: log.head.seq, hash: log.head.hash },
    last_record_at: log.lastAt,
  };
}
