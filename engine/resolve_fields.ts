import { clearValue } from "./clear_value.ts";
import type { FieldSchema, ResourceSchema, SectionSchema } from "./schema.ts";
import {
  equalValues,
  isList,
  isRecord,
  SealedSecret,
  someValue,
  type Value,
  type ValueRecord,
} from "./value.ts";

/**
 * Whether what lives is what was sent: each field that was sent and can be read back has its value. `untellable`: of the
 * fields that differ from `before`, the last known ones, none can be read back.
 */
export function compareSent(
  schema: ResourceSchema,
  sent: ValueRecord,
  live: ValueRecord,
  before: ValueRecord | undefined,
): "equal" | "different" | "untellable" {
  let tells = before === undefined;
  for (const section of schema.sections) {
    for (const [name, value] of fieldsOf(section, sent)) {
      const field = section.fields.find((each) => each.name === name);
      if (field?.writeOnly === true) continue;
      if (!sameValue(value, fieldOf(section, live, name), field)) return "different";
      if (before !== undefined && !mayBeSame(value, fieldOf(section, before, name), field)) tells = true;
    }
  }
  return tells ? "equal" : "untellable";
}

function fieldsOf(section: SectionSchema, fields: ValueRecord): [string, Value][] {
  const within = section.name === "" ? fields : fields[section.name];
  if (!isRecord(within)) return [];
  const known = new Set(section.fields.map((field) => field.name));
  return Object.entries(within).filter(([name]) => known.has(name) || (section.open && section.name !== ""));
}

function fieldOf(section: SectionSchema, fields: ValueRecord, name: string): Value | undefined {
  const within = section.name === "" ? fields : fields[section.name];
  return isRecord(within) ? within[name] : undefined;
}

function sameValue(sent: Value, live: Value | undefined, field: FieldSchema | undefined): boolean {
  const wanted = clearValue(sent);
  if (live === undefined) return wanted === null;
  const found = clearValue(live);
  return field?.setLike === true ? sameSet(wanted, found) : equalValues(wanted, found);
}

/** A sealed value of before is not opened to be compared. */
function mayBeSame(sent: Value, before: Value | undefined, field: FieldSchema | undefined): boolean {
  const isSealed = before !== undefined && someValue(before, (leaf) => leaf instanceof SealedSecret);
  return isSealed || sameValue(sent, before, field);
}

function sameSet(left: Value, right: Value): boolean {
  if (!isList(left) || !isList(right)) return equalValues(left, right);
  const isIn = (list: readonly Value[], part: Value) => list.some((each) => equalValues(each, part));
  return left.every((part) => isIn(right, part)) && right.every((part) => isIn(left, part));
}
