import type { FieldSchema, FieldType } from "../engine/schema.ts";
import type { Registry } from "../providers/registry.ts";

/**
 * The names of all fields that some type calls sensitive, parts of records too: what a file gives to such a name may be a secret,
 * as far as its text alone tells.
 */
export function sensitiveNames({ schemas }: Registry): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { sections } of schemas) {
    for (const section of sections) addNames(names, section.fields);
  }
  return names;
}

function addNames(names: Set<string>, fields: readonly FieldSchema[]): void {
  for (const field of fields) {
    if (field.sensitive) names.add(field.name);
    addNames(names, partsOf(field.type));
  }
}

function partsOf(type: FieldType): readonly FieldSchema[] {
  switch (type.kind) {
    case "record":
      return type.fields;
    case "list":
    case "map":
      return partsOf(type.element);
    default:
      return [];
  }
}
