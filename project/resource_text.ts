/** Resources as text of the language, for objects that smelt has not made. */
import { invariant } from "../engine/invariant.ts";
import { sameValues } from "../engine/same_values.ts";
import type { FieldSchema, ResourceSchema, SectionSchema } from "../engine/schema.ts";
import {
  isList,
  isRecord,
  SealedSecret,
  Secret,
  Unknown,
  type Value,
  type ValueRecord,
} from "../engine/value.ts";
import { getField } from "../engine/wanted.ts";
import { formatPlain } from "../lang/format_string.ts";
import { formatSource } from "../lang/format_source.ts";
import { sourceText } from "../lang/source_text.ts";
import type { ProposedAddress } from "./import_names.ts";

/** An object to write down. */
export interface WrittenObject {
  readonly id: string;
  readonly place: ProposedAddress;
  readonly schema: ResourceSchema;
  /** As read; what is sensitive is marked. */
  readonly fields: ValueRecord;
  /** The address that gives a field of type `ref` its value, where smelt owns the object. */
  refTo(type: string, id: string): string | undefined;
}

/** `import "…" to "…"`. */
export function importStatement(id: string, address: string): string {
  return `import ${formatPlain(id)} to ${formatPlain(address)}`;
}

/**
 * The canonical text of the statements that take `objects` over, and of the resources that want them as they are: what can be
 * set, and is not what goes without saying. A secret is never in it, but a variable of the process in its place.
 */
export function importText(objects: readonly WrittenObject[]): string {
  const parts = objects.map((each) =>
    `${importStatement(each.id, each.place.address)}\n${resourceText(each)}`
  );
  const formatted = formatSource(sourceText("import.smelt", parts.join("\n")));
  invariant(formatted.ok, "What is generated can be read");
  return formatted.value;
}

function resourceText(object: WrittenObject): string {
  const { place, schema } = object;
  const needs: string[] = [];
  const sections = schema.sections.flatMap((section) => sectionLines(object, section, needs));
  const head = `resource ${place.kind} ${formatPlain(place.name)} : ${schema.type} {`;
  return [head, ...needs, ...sections, "}", ""].join("\n");
}

/** Lines of one section; what other resources give goes to `needs`. */
function sectionLines(object: WrittenObject, section: SectionSchema, needs: string[]): readonly string[] {
  const lines: string[] = [];
  for (const field of fieldsOf(object, section)) {
    const value = getField(object.fields, { section: section.name, field: field.name });
    const target = refOf(object, field, value);
    const place = section.name === "" ? field.name : `${section.name}.${field.name}`;
    if (target !== undefined) needs.push(`needs ${target} -> ${place}`);
    else if (isWritten(field, value)) lines.push(`${field.name} = ${fieldText(object, place, field, value)}`);
  }
  return section.name === "" || lines.length === 0 ? lines : [`${section.name} {`, ...lines, "}"];
}

/** Those of the schema, and in an open section those besides. */
function fieldsOf(
  { fields }: WrittenObject,
  { fields: known, name, open }: SectionSchema,
): readonly FieldSchema[] {
  const inner = name === "" ? fields : fields[name];
  if (!open || !isRecord(inner)) return known;
  // A name that is no word cannot be written as a field.
  const others = Object.keys(inner).filter((each) =>
    WORD_REGEXP.test(each) && !known.some((field) => field.name === each)
  );
  return [...known, ...others.map((each): FieldSchema => ({ ...ANY_FIELD, name: each }))];
}

const WORD_REGEXP = /^[\p{Alphabetic}_][\p{Alphabetic}\p{N}_]*$/u;

const ANY_FIELD: FieldSchema = {
  name: "",
  summary: "",
  type: { kind: "any" },
  required: false,
  defaultValue: undefined,
  immutable: false,
  computed: false,
  writeOnly: false,
  sensitive: false,
  setLike: false,
  pattern: undefined,
  reserved: undefined,
  range: undefined,
};

/** What the provider sets by itself, and what is so by default, needs no saying; what is never read back must be said. */
function isWritten(field: FieldSchema, value: Value | undefined): boolean {
  if (field.required) return true;
  if (field.computed || field.writeOnly || isBlank(value)) return false;
  return field.defaultValue === undefined || !sameValues(value, field.defaultValue, field);
}

function isBlank(value: Value | undefined): boolean {
  return value === undefined || value === null;
}

function refOf(
  { refTo }: WrittenObject,
  { type }: FieldSchema,
  value: Value | undefined,
): string | undefined {
  return type.kind === "ref" && typeof value === "string" ? refTo(type.target, value) : undefined;
}

function fieldText(
  object: WrittenObject,
  place: string,
  field: FieldSchema,
  value: Value | undefined,
): string {
  const isHidden = field.writeOnly || field.sensitive || isBlank(value);
  return isHidden ? variableText(object, place) : valueText(object, place, value ?? null);
}

function valueText(object: WrittenObject, place: string, value: Value): string {
  if (value instanceof Secret || value instanceof SealedSecret || value instanceof Unknown) {
    return variableText(object, place);
  }
  if (typeof value === "string") return formatPlain(value).replaceAll("${", "\\${");
  if (isList(value)) {
    return `[${value.map((each, index) => valueText(object, `${place}.${index}`, each)).join(", ")}]`;
  }
  if (!isRecord(value)) return String(value);
  const parts = Object.entries(value).map(([key, part]) => {
    const name = WORD_REGEXP.test(key) ? key : formatPlain(key);
    return `${name} = ${valueText(object, `${place}.${key}`, part)}`;
  });
  return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
}

/** A variable of the process that is to hold what must not stand in a file. */
function variableText({ place }: WrittenObject, path: string): string {
  const words = [place.name, path].join("_").toUpperCase().replace(/[^A-Z0-9]+/g, "_").replace(
    /^(?=\d)/,
    "_",
  );
  return `env(${formatPlain(words)})`;
}
