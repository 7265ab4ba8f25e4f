import { withDefaults } from "./defaults.ts";
import { fieldsOf } from "./diff_resource.ts";
import type { FieldSchema, FieldType, ResourceSchema } from "./schema.ts";
import { isList, isRecord, record, type Value, type ValueRecord } from "./value.ts";
import { getField, setField } from "./wanted.ts";

/**
 * What the log holds an object for, to be compared with what lives: as it was sent last, and as it was seen last where nothing
 * was sent and the provider decides. What is write-only is left out, since nobody can see it.
 */
export function recordedFields(schema: ResourceSchema, sent: ValueRecord, seen: ValueRecord): ValueRecord {
  const complete = withDefaults(sent, schema);
  let fields = record();
  for (const section of schema.sections) {
    for (const field of fieldsOf(section, [complete, seen])) {
      const path = { section: section.name, field: field.name };
      const value = recordedValue(field, getField(complete, path), getField(seen, path));
      if (value !== undefined) fields = setField(fields, path, value);
    }
  }
  return fields;
}

function recordedValue(
  field: FieldSchema,
  sent: Value | undefined,
  seen: Value | undefined,
): Value | undefined {
  if (field.writeOnly) return undefined;
  if (sent !== undefined && sent !== null) return recordedPart(field.type, sent, seen);
  return field.computed ? seen : undefined;
}

function recordedPart(type: FieldType, sent: Value, seen: Value | undefined): Value {
  if (type.kind === "list" && isList(sent)) {
    const others = isList(seen) ? seen : [];
    return sent.map((part, index) => recordedPart(type.element, part, others[index]));
  }
  if (!isRecord(sent)) return sent;
  const others = isRecord(seen) ? seen : record();
  if (type.kind === "map") {
    return record(
      Object.entries(sent).map(([key, part]) =>
        [key, recordedPart(type.element, part, others[key])] as const
      ),
    );
  }
  if (type.kind !== "record") return sent;
  const parts = new Map(Object.entries(sent));
  for (const inner of type.fields) {
    const value = recordedValue(inner, sent[inner.name], others[inner.name]);
    if (value === undefined) parts.delete(inner.name);
    else parts.set(inner.name, value);
  }
  return record(parts);
}
