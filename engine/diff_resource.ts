import type { FieldChange } from "./plan.ts";
import { diffValues } from "./diff_values.ts";
import {
  field as fieldSchema,
  type FieldSchema,
  type FieldType,
  formatFieldPath,
  type ResourceSchema,
  type SectionSchema,
} from "./schema.ts";
import { compareText } from "./text_order.ts";
import { equalValues, isList, isRecord, record, type Value, type ValueRecord } from "./value.ts";
import { getField } from "./wanted.ts";

/** The three sides of a difference. */
export interface DiffSides {
  /** As the files want it, defaults and bindings in place. */
  readonly wanted: ValueRecord;
  /** As it was sent last. */
  readonly applied: ValueRecord;
  /** As it was read last. */
  readonly live: ValueRecord;
}

/**
 * What must change so that what lives becomes what is wanted, in the terms of the schema: what is write-only is compared
 * with what was sent last, all else with what lives; a computed field that nobody wants is left alone.
 */
export function diffResource(schema: ResourceSchema, sides: DiffSides): readonly FieldChange[] {
  const { wanted, applied, live } = sides;
  // So it is with nearly all of a large estate; field by field it would take several times as long.
  if (equalValues(wanted, live) && (live === applied || equalValues(wanted, applied))) return [];
  return schema.sections.flatMap((section) =>
    fieldsOf(section, [sides.wanted, sides.applied, sides.live]).flatMap((field) =>
      diffField(section, field, sides)
    )
  );
}

/** What a read found otherwise than the log has it: outputs too, since dependents may rely on them. */
export function diffDrift(
  schema: ResourceSchema,
  stored: { readonly fields: ValueRecord; readonly outputs: ValueRecord },
  found: { readonly fields: ValueRecord; readonly outputs: ValueRecord },
): readonly FieldChange[] {
  const fields = schema.sections.flatMap((section) =>
    fieldsOf(section, [stored.fields, found.fields]).flatMap((field) => {
      if (field.writeOnly) return [];
      const path = { section: section.name, field: field.name };
      return diffValues(
        formatFieldPath(path),
        getField(stored.fields, path),
        getField(found.fields, path),
        field,
      );
    })
  );
  const names = [...new Set([...Object.keys(stored.outputs), ...Object.keys(found.outputs)])].sort(
    compareText,
  );
  const outputs = names.flatMap((name) =>
    diffValues(`output ${name}`, stored.outputs[name], found.outputs[name], ANY_FIELD)
  );
  return [...fields, ...outputs].map((change) => ({ ...change, forcesReplacement: false }));
}

const ANY_FIELD = { type: { kind: "any" }, setLike: false, immutable: false } as const;

function diffField(section: SectionSchema, field: FieldSchema, sides: DiffSides): readonly FieldChange[] {
  const path = { section: section.name, field: field.name };
  const wanted = getField(sides.wanted, path);
  const before = knownBefore(field, getField(sides.live, path), getField(sides.applied, path));
  if (field.computed && (wanted === undefined || wanted === null)) return [];
  return diffValues(formatFieldPath(path), before, wanted, field);
}

/** What there is now: as it lives, but what is write-only as it was sent last, in the parts of records too. */
function knownBefore(
  field: FieldSchema,
  live: Value | undefined,
  applied: Value | undefined,
): Value | undefined {
  return field.writeOnly ? applied : withSentParts(field.type, live, applied);
}

/** A live value with what is write-only in it as it was sent last. */
export function withSentParts(
  type: FieldType,
  live: Value | undefined,
  applied: Value | undefined,
): Value | undefined {
  if (type.kind === "list" && isList(live) && isList(applied)) {
    return live.map((part, index) => withSentParts(type.element, part, applied[index]) ?? null);
  }
  if (!isRecord(live) || !isRecord(applied)) return live;
  if (type.kind === "map") {
    return record(
      Object.entries(live).map(([key, part]) =>
        [key, withSentParts(type.element, part, applied[key]) ?? null] as const
      ),
    );
  }
  if (type.kind !== "record") return live;
  const parts = new Map(Object.entries(live));
  for (const inner of type.fields) {
    const known = knownBefore(inner, live[inner.name], applied[inner.name]);
    if (known === undefined) parts.delete(inner.name);
    else parts.set(inner.name, known);
  }
  return record(parts);
}

/** The fields of the schema, and those that an open section holds besides. */
export function fieldsOf(section: SectionSchema, sides: readonly ValueRecord[]): readonly FieldSchema[] {
  if (!section.open) return section.fields;
  const known = new Set(section.fields.map((field) => field.name));
  const free = new Set<string>();
  for (const side of sides) {
    const inner = section.name === "" ? side : side[section.name];
    if (!isRecord(inner)) continue;
    for (const name of Object.keys(inner)) if (!known.has(name)) free.add(name);
  }
  return [
    ...section.fields,
    ...[...free].sort(compareText).map((name) => fieldSchema(name, { kind: "any" }, "")),
  ];
}
