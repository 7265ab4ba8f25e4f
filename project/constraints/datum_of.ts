import type { FieldSchema, FieldType, ResourceSchema } from "../../engine/schema.ts";
import {
  isList,
  isRecord,
  record,
  SealedSecret,
  Secret,
  Unknown,
  type Value,
  type ValueRecord,
} from "../../engine/value.ts";
import { type Datum, type DatumRecord, Fault } from "./datum.ts";

const NOTHING: DatumRecord = { entries: new Map(), absent: new Map() };

/**
 * The fields of a resource as its constraints see them, `self`. A field that is not set reads as null, a section that is not
 * written as one without entries; secrets and what is not known yet are faults, so that none of them is ever opened.
 */
export function selfDatum(fields: ValueRecord, { sections }: ResourceSchema): DatumRecord {
  const entries = new Map<string, Datum>();
  const absent = new Map<string, Datum>();
  for (const section of sections) {
    if (section.name === "") {
      for (const field of section.fields) place(fields, field, "", { entries, absent });
      continue;
    }
    const written = fields[section.name];
    const made = recordDatum(isRecord(written) ? written : record(), section.fields, section.name);
    if (written === undefined) absent.set(section.name, made);
    else entries.set(section.name, isRecord(written) ? made : datumOf(written, undefined, section.name));
  }
  return { entries, absent };
}

function place(
  fields: ValueRecord,
  { name, type }: FieldSchema,
  before: string,
  into: { readonly entries: Map<string, Datum>; readonly absent: Map<string, Datum> },
): void {
  const value = fields[name] ?? null;
  if (value === null) into.absent.set(name, null);
  else into.entries.set(name, datumOf(value, type, before + name));
}

/** What the schema lists, by its types, and whatever else is there. */
function recordDatum(values: ValueRecord, schemas: readonly FieldSchema[], path: string): DatumRecord {
  const entries = new Map<string, Datum>();
  const absent = new Map<string, Datum>();
  for (const field of schemas) place(values, field, `${path}.`, { entries, absent });
  for (const [key, value] of Object.entries(values)) {
    if (!entries.has(key) && !absent.has(key)) entries.set(key, datumOf(value, undefined, `${path}.${key}`));
  }
  return { entries, absent };
}

/** A value of `type`, or of a type that nobody knows; `path` says where it stands. */
function datumOf(value: Value, type: FieldType | undefined, path: string): Datum {
  if (value instanceof Unknown) return new Fault("unknown", value.address);
  if (value instanceof Secret || value instanceof SealedSecret) return new Fault("secret", path);
  if (isList(value)) {
    const element = type?.kind === "list" ? type.element : undefined;
    return value.map((part, index) => datumOf(part, element, `${path}[${index}]`));
  }
  if (isRecord(value)) {
    if (type?.kind === "record") return recordDatum(value, type.fields, path);
    const element = type?.kind === "map" ? type.element : undefined;
    const parts = Object.entries(value).map(([key, part]) =>
      [key, datumOf(part, element, `${path}.${key}`)] as const
    );
    return { ...NOTHING, entries: new Map(parts) };
  }
  return typeof value === "number" || typeof value === "bigint" ? numberDatum(value, type) : value;
}

/** 1 and 1.0 are one value in the language: the type of the field tells which it is, else its being whole. */
function numberDatum(value: number | bigint, type: FieldType | undefined): number | bigint {
  if (type?.kind === "number") return Number(value);
  return typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : value;
}
