import type { Result } from "../../engine/result.ts";
import { isRecord, record, type Value, type ValueRecord } from "../../engine/value.ts";
import type { CloudObject, CloudState } from "./cloud_state.ts";
import type { Refusal } from "./refusal.ts";

/** What an object shall be: its fields have the right kinds, what they name exists, and its id is chosen. */
export interface Wanted {
  readonly type: string;
  readonly id: string;
  readonly fields: ValueRecord;
  /** The object as it is; `undefined` for a new one. */
  readonly before: CloudObject | undefined;
}

/** What an object will be: computed fields are filled in. */
export interface Placed {
  readonly fields: ValueRecord;
  readonly outputs: ValueRecord;
}

/** The rules of one type: finds its place in the cloud, or says why it has none. Reads `cloud` only. */
export type Placement = (cloud: CloudState, wanted: Wanted) => Result<Placed, Refusal>;

/** The full name of an object. */
export function arnOf(cloud: CloudState, wanted: Wanted, region: string): string {
  const kind = wanted.type.slice(wanted.type.indexOf(".") + 1).toLowerCase();
  return `arn:sim:${region}:${cloud.account}:${kind}/${wanted.id}`;
}

/** `fields` with the computed field `name` kept from before, else set by `choose`, unless it is given. */
export function fill(wanted: Wanted, name: string, choose: () => Value): ValueRecord {
  if (wanted.fields[name] !== undefined) return wanted.fields;
  return withField(wanted.fields, name, wanted.before?.fields[name] ?? choose());
}

/** The same for a field of a section. */
export function fillIn(
  wanted: Wanted,
  path: { readonly section: string; readonly field: string },
  value: Value,
): ValueRecord {
  const own = sectionOf(wanted.fields, path.section);
  if (own[path.field] !== undefined) return wanted.fields;
  const before = wanted.before === undefined ? {} : sectionOf(wanted.before.fields, path.section);
  return withField(wanted.fields, path.section, withField(own, path.field, before[path.field] ?? value));
}

function sectionOf(fields: ValueRecord, name: string): ValueRecord {
  const part = fields[name];
  return isRecord(part) ? part : record();
}

function withField(fields: ValueRecord, name: string, value: Value): ValueRecord {
  return record([...Object.entries(fields), [name, value]]);
}
