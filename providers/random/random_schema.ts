import { type FieldSchema, type ResourceSchema, section } from "../../engine/schema.ts";
import { keepersField } from "../keepers.ts";

/** What the types of this provider have in common: no world, and every field immutable, since a change means new luck. */
export function randomSchema(
  type: string,
  summary: string,
  parts: { readonly fields: readonly FieldSchema[]; readonly outputs: readonly FieldSchema[] },
): ResourceSchema {
  return {
    type,
    summary,
    version: 1,
    sections: [
      section(
        "",
        "What is drawn",
        [...parts.fields, keepersField()].map((each) => ({
          ...each,
          immutable: true,
        })),
      ),
    ],
    outputs: parts.outputs.map((each) => ({ ...each, immutable: true })),
    world: undefined,
    timeoutsMs: { create: 5_000, update: 5_000, delete: 5_000, read: 5_000 },
    importId: undefined,
  };
}
