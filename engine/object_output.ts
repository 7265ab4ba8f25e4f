import { compareText } from "./text_order.ts";
import { isRecord, type Value, type ValueRecord } from "./value.ts";

/** Of an object, what can be taken from it by name. */
export interface OutputSource {
  readonly id: string;
  readonly fields: ValueRecord;
  readonly outputs: ValueRecord;
}

/**
 * What `needs kind.name.NAME` takes from an object: `id`, an output, or a field of it by `field` or `section.field`.
 * `undefined` when it has none of that name, or a field without a value.
 */
export function objectOutput(object: OutputSource, name: string): Value | undefined {
  if (name === "id") return object.id;
  const output = object.outputs[name];
  if (output !== undefined) return output;
  const direct = object.fields[name] ?? undefined;
  if (direct !== undefined) return direct;
  const dot = name.indexOf(".");
  const section = dot < 0 ? undefined : object.fields[name.slice(0, dot)];
  return isRecord(section) ? section[name.slice(dot + 1)] ?? undefined : undefined;
}

/** What can be taken from an object by name, `id` first; for messages. */
export function outputNames(object: OutputSource): readonly string[] {
  return ["id", ...Object.keys(object.outputs).sort(compareText)];
}
