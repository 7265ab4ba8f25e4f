import type { StoredObject } from "./resource_state.ts";
import { compareText } from "./text_order.ts";
import { isRecord, type Value } from "./value.ts";
import { decodeRecord, decodeValue } from "./value_codec.ts";

/**
 * What `needs kind.name.NAME` takes from an object: `id`, an output, or a field of it by `field` or `section.field`.
 * `undefined` when it has none of that name.
 */
export function objectOutput(object: StoredObject, name: string): Value | undefined {
  if (name === "id") return object.id;
  const output = object.outputs[name];
  if (output !== undefined) return decodeValue(output);
  return fieldOutput(object, name);
}

/** What can be taken from an object by name, `id` first; for messages. */
export function outputNames(object: StoredObject): readonly string[] {
  return ["id", ...Object.keys(object.outputs).sort(compareText)];
}

function fieldOutput(object: StoredObject, name: string): Value | undefined {
  const fields = decodeRecord(object.fields);
  if (fields[name] !== undefined) return fields[name];
  const dot = name.indexOf(".");
  const section = dot < 0 ? undefined : fields[name.slice(0, dot)];
  return isRecord(section) ? section[name.slice(dot + 1)] : undefined;
}
