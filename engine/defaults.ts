import type { FieldSchema, FieldType, ResourceSchema, SectionSchema } from "./schema.ts";
import { isList, isRecord, record, type Value, type ValueRecord } from "./value.ts";

/**
 * Puts the defaults of `schema` where `fields` gives nothing, in sections that are not written and inside records too. A
 * null counts as nothing given and goes away; in what an open section takes beside its fields it stays. Comes after bound
 * values are in place.
 */
export function withDefaults(fields: ValueRecord, schema: ResourceSchema): ValueRecord {
  if (schema.sections.every((section) => section.fields.length === 0)) return fields;
  const made = new Map<string, Value>(Object.entries(fields));
  for (const section of schema.sections) {
    if (section.name === "") fillIn(made, section.fields);
    else fillSection(made, section);
  }
  return record(made);
}

function fillSection(made: Map<string, Value>, section: SectionSchema): void {
  if (section.fields.length === 0) return;
  const written = made.get(section.name);
  if (written !== undefined && !isRecord(written)) return;
  const filled = filledRecord(written ?? record(), section.fields);
  if (written !== undefined || Object.keys(filled).length > 0) made.set(section.name, filled);
}

function filledRecord(fields: ValueRecord, schemas: readonly FieldSchema[]): ValueRecord {
  const made = new Map<string, Value>(Object.entries(fields));
  fillIn(made, schemas);
  return record(made);
}

function fillIn(made: Map<string, Value>, schemas: readonly FieldSchema[]): void {
  for (const schema of schemas) {
    const value = made.get(schema.name) ?? schema.defaultValue;
    if (value === undefined) made.delete(schema.name);
    else made.set(schema.name, filledValue(value, schema.type));
  }
}

function filledValue(value: Value, type: FieldType): Value {
  if (type.kind === "record" && isRecord(value)) return filledRecord(value, type.fields);
  if (type.kind === "list" && isList(value)) return value.map((part) => filledValue(part, type.element));
  if (type.kind === "map" && isRecord(value)) {
    return record(
      Object.entries(value).map(([key, part]) => [key, filledValue(part, type.element)] as const),
    );
  }
  return value;
}
