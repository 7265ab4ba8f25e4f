import type { ResourceConfig } from "../../engine/resource_config.ts";
import { ok } from "../../engine/result.ts";
import type { ResourceSchema } from "../../engine/schema.ts";
import { isList, Unknown, type ValueRecord } from "../../engine/value.ts";
import { wantResource } from "../../engine/want.ts";
import { bindFields, getField, setField, type Wanted } from "../../engine/wanted.ts";

/** The fields of a resource as far as the files tell them: defaults in place, and unknown whatever another resource gives. */
export function desiredFields(config: ResourceConfig, schema: ResourceSchema): ValueRecord {
  const wanted = wantResource(config, schema);
  const bound = bindFields(wanted, ({ address }) => ok(new Unknown(address)));
  return bound.ok ? openLists(wanted, bound.value) : wanted.fields;
}

/**
 * A list that takes the elements of lists stands with one unknown element for each source that is not known yet: how long it
 * will be is not known either, so that all of it is unknown. An id is one element for sure.
 */
export function openLists({ bindings }: Pick<Wanted, "bindings">, bound: ValueRecord): ValueRecord {
  let fields = bound;
  for (const { path, shape, sources } of bindings) {
    const value = getField(fields, path);
    if (shape !== "joined" || !isList(value) || sources.every(({ output }) => output === "id")) continue;
    const unknown = value.find((each) => each instanceof Unknown);
    if (unknown !== undefined) fields = setField(fields, path, unknown);
  }
  return fields;
}
