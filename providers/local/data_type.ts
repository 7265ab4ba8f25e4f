import { ok } from "../../engine/result.ts";
import { field, type ResourceSchema, section } from "../../engine/schema.ts";
import { sectionFields } from "../field_reader.ts";
import type { TypeAdapter } from "../type_adapter.ts";
import { worldlessType } from "../worldless_type.ts";

/** What `local.Data` takes and gives. */
export const DATA_SCHEMA = {
  type: "local.Data",
  summary: "Keeps values in the log and gives each field of its input back as an output",
  version: 1,
  sections: [
    section("", "What replaces it", [
      field(
        "triggers_replace",
        { kind: "any" },
        "Any value; when it changes, the object is replaced by a new one",
        { immutable: true },
      ),
    ]),
    { name: "input", summary: "Any fields, each of which becomes an output", open: true, fields: [] },
  ],
  outputs: [],
  echoes: "input",
  world: undefined,
  timeoutsMs: { create: 5_000, update: 5_000, delete: 5_000, read: 5_000 },
  importId: undefined,
  sbomKind: "data",
} as const satisfies ResourceSchema;

/** `local.Data`: what goes in comes out, in the log alone. */
export function dataType(): TypeAdapter {
  return worldlessType(DATA_SCHEMA, (fields) => Promise.resolve(ok(sectionFields(fields, "input"))));
}
