import { nearName } from "./near_name.ts";
import { nameHint, type ProblemCode } from "./problem.ts";
import type { FieldSchema, FieldType } from "./schema.ts";
import { isList, isRecord, SealedSecret, Secret, Unknown, type Value, type ValueRecord } from "./value.ts";

/** What is wrong with a value, and in which part of it. */
export interface ValueFault {
  readonly code: ProblemCode;
  /** The part: `""` for the value itself, else for example `[2].name`. */
  readonly part: string;
  /** Goes on after "Cannot set "field": ", for example `expected an integer, found the text "many"`. */
  readonly message: string;
  readonly hint?: string;
}

const KIND_WORDS = {
  string: "a text",
  integer: "an integer",
  number: "a number",
  boolean: "true or false",
  any: "any value",
  ref: "the id of a resource",
  list: "a list",
  map: "a map",
  record: "a record",
} as const;

/**
 * Checks a value against a field: kind, members, pattern, range, and the parts of lists, maps and records. An unknown fits
 * everywhere; a secret, and what a sensitive field is given, is checked by what it holds and never shown; one that is sealed counts as right.
 */
export function checkValue(value: Value, schema: FieldSchema): readonly ValueFault[] {
  const faults = checkType(value, schema.type);
  if (faults.length === 0) return checkLimits(value, schema);
  return schema.sensitive ? faults.map(withoutValue(schema.type)) : faults;
}

function checkType(value: Value, type: FieldType): readonly ValueFault[] {
  if (value instanceof Unknown || value instanceof SealedSecret || type.kind === "any") return [];
  if (value instanceof Secret) return checkType(Secret.open(value), type).map(withoutValue(type));
  switch (type.kind) {
    case "enum":
      return checkMember(value, type.members);
    case "list":
      return isList(value)
        ? value.flatMap((part, index) => within(`[${index}]`, checkType(part, type.element)))
        : [wrongKind(value, type)];
    case "map":
      return isRecord(value)
        ? Object.entries(value).flatMap(([key, part]) => within(`.${key}`, checkType(part, type.element)))
        : [wrongKind(value, type)];
    case "record":
      return isRecord(value) ? checkRecord(value, type.fields) : [wrongKind(value, type)];
    default:
      return isPlain(value, type.kind) ? [] : [wrongKind(value, type)];
  }
}

function isPlain(value: Value, kind: "string" | "integer" | "number" | "boolean" | "ref"): boolean {
  if (kind === "string" || kind === "ref") return typeof value === "string";
  if (kind === "boolean") return typeof value === "boolean";
  if (typeof value === "bigint") return true;
  return typeof value === "number" && (kind === "integer" ? Number.isInteger(value) : Number.isFinite(value));
}

function checkMember(value: Value, members: readonly string[]): readonly ValueFault[] {
  if (typeof value === "string" && members.includes(value)) return [];
  const expected = `expected ${members.map((member) => `"${member}"`).join(" or ")}`;
  const near = typeof value === "string" ? nearName(value, members) : undefined;
  return [fault("E-ENUM", `${expected}, found ${describe(value)}`, near && nameHint(near, []))];
}

function checkRecord(value: ValueRecord, fields: readonly FieldSchema[]): readonly ValueFault[] {
  const names = fields.map((each) => each.name);
  const unknown = Object.keys(value).filter((name) => !names.includes(name)).map((name) => ({
    ...fault(
      "E-UNKNOWN-FIELD",
      `there is no field "${name}" in this record`,
      nameHint(nearName(name, names), names),
    ),
    part: `.${name}`,
  }));
  const known = fields.flatMap((field) => {
    const part = value[field.name] ?? null;
    if (part !== null) return within(`.${field.name}`, checkValue(part, field));
    return field.required ? [fault("E-REQUIRED", `the record lacks "${field.name}"`)] : [];
  });
  return [...unknown, ...known];
}

function checkLimits(value: Value, schema: FieldSchema): readonly ValueFault[] {
  if (value instanceof Secret) return checkLimits(Secret.open(value), schema).map(withoutValue(schema.type));
  if (typeof value === "string") {
    return [...checkPattern(value, schema), ...checkReserved(value, schema), ...checkRange(value, schema)];
  }
  return typeof value === "number" || typeof value === "bigint" ? checkRange(value, schema) : [];
}

function checkPattern(value: string, { pattern, sensitive, summary }: FieldSchema): readonly ValueFault[] {
  if (pattern === undefined || new RegExp(`^(?:${pattern})$`, "u").test(value)) return [];
  const found = sensitive ? "a sensitive value that is not" : describe(value);
  return [fault("E-FIELD-TYPE", `expected a text like /${pattern}/, found ${found}`, summary)];
}

function checkReserved(value: string, { reserved, sensitive }: FieldSchema): readonly ValueFault[] {
  if (reserved === undefined || !new RegExp(reserved.pattern, "u").test(value)) return [];
  const found = sensitive ? "a sensitive value that leads there" : describe(value);
  return [fault("E-FIELD-TYPE", `${reserved.why}, found ${found}`)];
}

function checkRange(value: string | number | bigint, { range }: FieldSchema): readonly ValueFault[] {
  if (range === undefined) return [];
  const size = typeof value === "string" ? [...value].length : value;
  if (size >= (range.min ?? -Infinity) && size <= (range.max ?? Infinity)) return [];
  const unit = typeof value === "string" ? " characters" : "";
  return [fault("E-FIELD-TYPE", `expected ${describeRange(range)}${unit}, found ${size}`)];
}

function describeRange({ min, max }: { readonly min?: number; readonly max?: number }): string {
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  return min !== undefined ? `at least ${min}` : `at most ${max ?? ""}`;
}

function wrongKind(value: Value, type: Exclude<FieldType, { readonly kind: "enum" }>): ValueFault {
  return fault("E-FIELD-TYPE", `expected ${KIND_WORDS[type.kind]}, found ${describe(value)}`);
}

/** The same fault of a value that must not be seen: only what was expected is told. */
function withoutValue(type: FieldType): (fault: ValueFault) => ValueFault {
  const expected = type.kind === "enum"
    ? `expected ${type.members.map((member) => `"${member}"`).join(" or ")}`
    : `expected ${KIND_WORDS[type.kind]} within its limits`;
  return ({ code }) => fault(code, `${expected}, found a sensitive value that is not`);
}

function describe(value: Value): string {
  if (value === null) return "nothing";
  if (typeof value === "string") return `the text ${JSON.stringify(shortened(value))}`;
  if (isList(value)) return "a list";
  if (isRecord(value)) return "a record";
  return typeof value === "object" ? "a sensitive value" : String(value);
}

function shortened(text: string): string {
  const characters = [...text];
  return characters.length > 60 ? `${characters.slice(0, 60).join("")}…` : text;
}

function within(part: string, faults: readonly ValueFault[]): readonly ValueFault[] {
  return faults.map((each) => ({ ...each, part: `${part}${each.part}` }));
}

function fault(code: ProblemCode, message: string, hint?: string): ValueFault {
  return hint === undefined ? { code, part: "", message } : { code, part: "", message, hint };
}
