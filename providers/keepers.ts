import { field } from "../engine/schema.ts";

/** The field by which worldless objects are made anew: `needs kind.name.output -> keepers.NAME` binds into it. */
export const KEEPERS = field(
  "keepers",
  { kind: "map", element: { kind: "any" } },
  "Any values; when one changes, the object is replaced by a new one",
  { immutable: true },
);
