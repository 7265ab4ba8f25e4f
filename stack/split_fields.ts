import { type SchemaPlaces, typeAt } from "../engine/binding.ts";
import type { NeedSource } from "../engine/resource_config.ts";
import { type FieldPath, formatFieldPath } from "../engine/schema.ts";
import { record, type Value, type ValueRecord } from "../engine/value.ts";
import { Output } from "./output.ts";
import { definedEntries, type Fault, isPlainObject, plainValue } from "./plain_value.ts";

/** The fields of a declared resource, parted into what is written and what others give. */
export interface SplitFields {
  readonly fields: ValueRecord;
  readonly sections: readonly string[];
  readonly bindings: readonly OutputBinding[];
  readonly faults: readonly PlacedFault[];
}

/** An output, and the place that its value goes to. */
export interface OutputBinding {
  readonly output: Output<unknown>;
  readonly path: FieldPath;
}

/** What is wrong in one field. */
export interface PlacedFault extends Fault {
  readonly path: FieldPath;
}

/** What is taken of the target of an output. */
export function needSource({ name }: Output<unknown>): NeedSource {
  return name === "id" ? { kind: "id" } : { kind: "output", name };
}

/** Parts the fields that a program gives. Whether they fit the schema is checked later, as for fields from files. */
export function splitFields(schema: SchemaPlaces, given: Readonly<Record<string, unknown>>): SplitFields {
  const split: Splitting = { schema, bindings: [], faults: [] };
  const sections: string[] = [];
  const fields = definedEntries(given).flatMap(([name, value]) => {
    const isSection = name !== "" && schema.sections.some((each) => each.name === name);
    if (!isSection || !isPlainObject(value)) return written(split, { section: "", field: name }, value);
    sections.push(name);
    const inner = definedEntries(value).flatMap(([field, part]) =>
      written(split, { section: name, field }, part)
    );
    return [[name, record(inner)] as const];
  });
  return { fields: record(fields), sections, bindings: split.bindings, faults: split.faults };
}

/** The work on the fields of one resource. */
interface Splitting {
  readonly schema: SchemaPlaces;
  readonly bindings: OutputBinding[];
  readonly faults: PlacedFault[];
}

type Entry = readonly [string, Value];

/** What is written at `path`: no entry where only others give its value. */
function written(split: Splitting, path: FieldPath, given: unknown): readonly Entry[] {
  if (given instanceof Output) {
    split.bindings.push({ output: given, path });
    return [];
  }
  const type = typeAt(split.schema, path);
  if (type?.kind === "list" && Array.isArray(given) && given.some((each) => each instanceof Output)) {
    return boundList(split, path, given);
  }
  const takesEntries = path.section === "" && (type?.kind === "map" || type?.kind === "record");
  return [[
    path.field,
    takesEntries && isPlainObject(given)
      ? record(definedEntries(given).flatMap(([key, part]) => entry(split, path.field, key, part)))
      : plain(split, path, "", given),
  ]];
}

/** The value of a list is either written or given: the engine has no order between the two. */
function boundList(split: Splitting, path: FieldPath, given: readonly unknown[]): readonly Entry[] {
  for (const [at, each] of given.entries()) {
    if (each instanceof Output) split.bindings.push({ output: each, path });
    else {
      split.faults.push({
        code: "E-BINDING",
        path,
        part: `[${at}]`,
        why: "the list takes outputs of other resources, so all its elements must be such",
        hint: "Keep the values in a resource of their own, for example local.Data, and give its outputs",
      });
    }
  }
  return [];
}

/** One entry of a map or record of the body, which can be bound by itself. */
function entry(split: Splitting, field: string, key: string, given: unknown): readonly Entry[] {
  if (!(given instanceof Output)) return [[key, plain(split, { section: "", field }, `.${key}`, given)]];
  split.bindings.push({ output: given, path: { section: field, field: key } });
  return [];
}

function plain(split: Splitting, path: FieldPath, part: string, given: unknown): Value {
  const { value, faults } = plainValue(given);
  for (const fault of faults) split.faults.push({ ...fault, path, part: part + fault.part });
  return value;
}

/** Renders the place of a fault. */
export function faultPlace({ path, part }: PlacedFault): string {
  return formatFieldPath(path) + part;
}
