import { bindingPlace, typeAt } from "./binding.ts";
import { nearName } from "./near_name.ts";
import { nameHint } from "./problem.ts";
import type { ResourceConfig } from "./resource_config.ts";
import {
  fieldAt,
  type FieldPath,
  type FieldSchema,
  type FieldType,
  formatFieldPath,
  parseFieldPath,
  type ResourceSchema,
} from "./schema.ts";
import { compareText } from "./text_order.ts";
import { isRecord, type Value } from "./value.ts";
import { getField } from "./wanted.ts";

/** A resource of the files, with the schema of its type. */
export interface TypedConfig {
  readonly config: ResourceConfig;
  readonly schema: ResourceSchema;
  /** Where what it needs goes. */
  readonly boundPlaces: readonly FieldPath[];
}

/** Joins a resource and its schema. */
export function typedConfig(config: ResourceConfig, schema: ResourceSchema): TypedConfig {
  const boundPlaces = config.needs.flatMap((need) => {
    const place = need.binding === undefined ? undefined : bindingPlace(need, schema);
    return place?.ok ? [place.value] : [];
  });
  return { config, schema, boundPlaces };
}

/** Why a name gives nothing. */
export interface OutputFault {
  /** Goes on after what is named, for example `it has no output "reslt"`. */
  readonly why: string;
  readonly hint: string | undefined;
}

/**
 * Why `needs kind.name.NAME` can never give anything, as far as the files tell: the type has neither an output nor a field of
 * that name, the field is never read back, or nobody gives it a value. `undefined`: it will, or only the apply can tell.
 */
export function outputFault(target: TypedConfig, name: string): OutputFault | undefined {
  const { schema } = target;
  if (name === "id" || schema.outputs.some((each) => each.name === name)) return undefined;
  if (echoedNames(target).has(name)) return undefined;
  const path = parseFieldPath(name);
  if (typeAt(schema, path) === undefined) return unknownName(target, name);
  const field = fieldAt(schema, path) ?? containerOf(schema, path);
  if (field?.writeOnly) return { why: `"${name}" is never read back`, hint: outputsHint(target, undefined) };
  if (field?.computed || hasValue(target, path) || isIgnored(target, path)) return undefined;
  return {
    why: `"${name}" has no value there`,
    hint: `Write it in "${target.config.address}", or bind something to it`,
  };
}

/** The kind of value that a name gives, as far as the schema tells. */
export function outputType(schema: ResourceSchema, name: string): FieldType | undefined {
  const output = schema.outputs.find((each) => each.name === name);
  if (output !== undefined) return output.type;
  const echoed = schema.echoes === undefined ? undefined : { section: schema.echoes, field: name };
  return (echoed && fieldAt(schema, echoed)?.type) ?? typeAt(schema, parseFieldPath(name));
}

function unknownName(target: TypedConfig, name: string): OutputFault {
  const { sections } = target.schema;
  const fields = sections.flatMap(({ name: section, fields }) =>
    fields.map((field) => formatFieldPath({ section, field: field.name }))
  );
  const elsewhere = fields.find((path) => path.endsWith(`.${name}`));
  const near = elsewhere ?? nearName(name, [...outputNames(target), ...fields]);
  return { why: `it has no output "${name}"`, hint: outputsHint(target, near) };
}

function outputsHint(target: TypedConfig, near: string | undefined): string | undefined {
  return nameHint(near, outputNames(target));
}

function outputNames(target: TypedConfig): readonly string[] {
  const names = [...target.schema.outputs.map((each) => each.name), ...echoedNames(target)];
  return ["id", ...new Set(names.sort(compareText))];
}

/** The fields that come back as outputs of the same names: those written, and those bound. */
function echoedNames({ config, schema, boundPlaces }: TypedConfig): ReadonlySet<string> {
  const section = schema.echoes;
  if (section === undefined) return new Set();
  const written = config.fields[section];
  const names = new Set(isRecord(written) ? Object.keys(written) : []);
  for (const path of boundPlaces) if (path.section === section) names.add(path.field);
  return names;
}

/** The field of the body that holds `path` as a part, when a name goes into a map or a record. */
function containerOf(schema: ResourceSchema, path: FieldPath): FieldSchema | undefined {
  return fieldAt(schema, { section: "", field: path.section });
}

function hasValue(target: TypedConfig, path: FieldPath): boolean {
  const { config, schema } = target;
  const written = config.fields[path.section];
  // What is not known yet, or hidden, may hold any part.
  if (path.section !== "" && isThere(written) && !isRecord(written)) return true;
  if (isThere(getField(config.fields, path)) || isThere(fieldAt(schema, path)?.defaultValue)) return true;
  const container = containerOf(schema, path);
  if (container !== undefined && hasPart(container, path.field)) return true;
  return target.boundPlaces.some((place) =>
    isSamePlace(place, path) || isSamePlace(place, { section: "", field: path.section }) ||
    (path.section === "" && place.section === path.field)
  );
}

/** Whether the default of a map or record, or that of its part, gives the part a value. */
function hasPart({ type, defaultValue }: FieldSchema, name: string): boolean {
  if (defaultValue !== undefined && isRecord(defaultValue) && isThere(defaultValue[name])) return true;
  const part = type.kind === "record" ? type.fields.find((each) => each.name === name) : undefined;
  return part !== undefined && (part.computed || isThere(part.defaultValue));
}

function isIgnored({ config }: TypedConfig, path: FieldPath): boolean {
  const { ignoreChanges } = config.annotations;
  return ignoreChanges.includes(formatFieldPath(path)) || ignoreChanges.includes(path.section);
}

function isSamePlace(one: FieldPath, other: FieldPath): boolean {
  return one.section === other.section && one.field === other.field;
}

function isThere(value: Value | undefined): boolean {
  return value !== undefined && value !== null;
}
