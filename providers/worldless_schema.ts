import {
  type FieldSchema,
  type ResourceSchema,
  type SbomKind,
  type Section,
  section,
  type SectionSchema,
} from "../engine/schema.ts";
import { KEEPERS } from "./keepers.ts";

/** What differs between worldless types. */
export interface WorldlessParts<Fields, Outputs, Sections> {
  /** The fields of the body; `keepers` is added. */
  readonly fields: Fields;
  readonly sections?: Sections;
  readonly outputs: Outputs;
  readonly sbomKind: SbomKind;
}

/** The schema of a worldless type, as the compiler knows it. */
export interface WorldlessSchema<
  Type extends string,
  Fields extends readonly FieldSchema[],
  Outputs extends readonly FieldSchema[],
  Sections extends readonly SectionSchema[],
> extends ResourceSchema {
  readonly type: Type;
  readonly sections: readonly [Section<"", readonly [...Fields, typeof KEEPERS]>, ...Sections];
  readonly outputs: Outputs;
}

/**
 * Makes the schema of a type whose objects are made once and kept in the log: every field immutable, since a change means
 * a new object, and every output therefore too.
 */
export function worldlessSchema<
  const Type extends string,
  const Fields extends readonly FieldSchema[],
  const Outputs extends readonly FieldSchema[],
  const Sections extends readonly SectionSchema[] = readonly [],
>(
  type: Type,
  summary: string,
  parts: WorldlessParts<Fields, Outputs, Sections>,
): WorldlessSchema<Type, Fields, Outputs, Sections>;
export function worldlessSchema(
  type: string,
  summary: string,
  parts: WorldlessParts<readonly FieldSchema[], readonly FieldSchema[], readonly SectionSchema[]>,
): ResourceSchema {
  return {
    type,
    summary,
    version: 1,
    sections: [
      section("", "What is made", immutable([...parts.fields, KEEPERS])),
      ...(parts.sections ?? []).map((each) => ({ ...each, fields: immutable(each.fields) })),
    ],
    outputs: immutable(parts.outputs),
    world: undefined,
    timeoutsMs: { create: 60_000, update: 5_000, delete: 5_000, read: 5_000 },
    importId: undefined,
    sbomKind: parts.sbomKind,
  };
}

function immutable(fields: readonly FieldSchema[]): readonly FieldSchema[] {
  return fields.map((each) => ({ ...each, immutable: true }));
}
