import { type FieldSchema, type ResourceSchema, section, type SectionSchema } from "../engine/schema.ts";
import { keepersField } from "./keepers.ts";

/** What differs between worldless types. */
export interface WorldlessParts {
  /** The fields of the body; `keepers` is added. */
  readonly fields: readonly FieldSchema[];
  readonly sections?: readonly SectionSchema[];
  readonly outputs: readonly FieldSchema[];
}

/**
 * Makes the schema of a type whose objects are made once and kept in the log: every field immutable, since a change means
 * a new object, and every output therefore too.
 */
export function worldlessSchema(type: string, summary: string, parts: WorldlessParts): ResourceSchema {
  return {
    type,
    summary,
    version: 1,
    sections: [
      section("", "What is made", immutable([...parts.fields, keepersField()])),
      ...(parts.sections ?? []).map((each) => ({ ...each, fields: immutable(each.fields) })),
    ],
    outputs: immutable(parts.outputs),
    world: undefined,
    timeoutsMs: { create: 60_000, update: 5_000, delete: 5_000, read: 5_000 },
    importId: undefined,
  };
}

function immutable(fields: readonly FieldSchema[]): readonly FieldSchema[] {
  return fields.map((each) => ({ ...each, immutable: true }));
}
