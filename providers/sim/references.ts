import type { FieldType, SectionSchema } from "../../engine/schema.ts";
import { isList, isRecord, type Value, type ValueRecord } from "../../engine/value.ts";
import { clearValue } from "../../engine/clear_value.ts";

/** One id that an object's fields name. */
export interface Reference {
  /** For example `network_id` or `dead_letter.queue_id`. */
  readonly path: string;
  /** The type that it must be of. */
  readonly target: string;
  readonly id: string;
}

/** All ids that `fields` name, in the order of the schema. */
export function referencesOf(sections: readonly SectionSchema[], fields: ValueRecord): readonly Reference[] {
  const found: Reference[] = [];
  for (const section of sections) {
    const part = section.name === "" ? fields : fields[section.name];
    if (!isRecord(part)) continue;
    for (const field of section.fields) {
      const value = part[field.name];
      const path = section.name === "" ? field.name : `${section.name}.${field.name}`;
      if (value !== undefined && holdsReference(field.type)) {
        collect(field.type, clearValue(value), path, found);
      }
    }
  }
  return found;
}

function holdsReference(type: FieldType): boolean {
  return type.kind === "ref" || (type.kind === "list" && type.element.kind === "ref");
}

function collect(type: FieldType, value: Value, path: string, found: Reference[]): void {
  if (type.kind === "ref" && typeof value === "string") found.push({ path, target: type.target, id: value });
  if (type.kind === "list" && isList(value)) {
    for (const element of value) collect(type.element, element, path, found);
  }
}
