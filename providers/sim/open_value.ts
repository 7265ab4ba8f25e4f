import { canonicalJson } from "../../engine/canonical_json.ts";
import { clearValue } from "../../engine/clear_value.ts";
import { isRecord, type Value, type ValueRecord } from "../../engine/value.ts";
import { encodeValue } from "../../engine/value_codec.ts";

/** The opened text in `record[name]`; `undefined` when there is none. */
export function textOf(record: ValueRecord, name: string): string | undefined {
  const value = opened(record, name);
  return typeof value === "string" ? value : undefined;
}

/** The opened number in `record[name]`; `undefined` when there is none. */
export function numberOf(record: ValueRecord, name: string): number | undefined {
  const value = opened(record, name);
  return typeof value === "number" ? value : undefined;
}

/** Whether `record[name]` is true. */
export function flagOf(record: ValueRecord, name: string): boolean {
  return opened(record, name) === true;
}

/** The record in `record[name]`, an empty one when there is none. */
export function recordOf(record: ValueRecord, name: string): ValueRecord {
  const value = opened(record, name);
  return isRecord(value) ? value : {};
}

/** The opened elements of the list in `record[name]`, none when there is no list. */
export function listOf(record: ValueRecord, name: string): readonly Value[] {
  const value = opened(record, name);
  return Array.isArray(value) ? value : [];
}

/** The one text that equal opened values share: what digests are made over. */
export function canonicalValue(value: Value): string {
  return canonicalJson(encodeValue(clearValue(value)));
}

function opened(record: ValueRecord, name: string): Value | undefined {
  const value = record[name];
  return value === undefined ? undefined : clearValue(value);
}
