import {
  type Field,
  field,
  type FieldSchema,
  type ResourceSchema,
  type SbomKind,
  type SectionSchema,
} from "../../engine/schema.ts";

/** What differs between the types of the sim cloud; `simSchema` adds what they share. */
export interface SimType {
  readonly type: string;
  readonly summary: string;
  /** Before the dash of its ids, for example `net`. */
  readonly prefix: string;
  readonly sections: readonly SectionSchema[];
  readonly outputs: readonly FieldSchema[];
  readonly sbomKind: SbomKind;
  /** The top-level field that no two live objects of the type share. Such a type bears no tokens. */
  readonly uniqueName?: string;
}

/** Milliseconds for which the cloud remembers a token; sent again later it makes another object. */
export const TOKEN_LIFETIME_MS = 24 * 60 * 60 * 1000;

/** The operator's own name of an object; need not be unique. */
export const NAME = field("name", { kind: "string" }, "Name, for people", { range: { min: 1, max: 128 } });

/** Free pairs of texts. */
export const TAGS = field("tags", { kind: "map", element: { kind: "string" } }, "Free tags, a text each");

/** An output that is made with the object and never changes. */
export function lastingText<const Name extends string>(
  name: Name,
  summary: string,
): Field<Name, { readonly kind: "string" }, { readonly immutable: true }> {
  return field(name, { kind: "string" }, summary, { immutable: true });
}

/** The output that every type has. */
export const ARN = lastingText("arn", "Full name of the object across all accounts");

/** Regions that the sim cloud has; each has the zones `<region>-a`, `-b` and `-c`. */
export const REGIONS = ["north", "south"] as const;

/** All zones of all regions. */
export const ZONES = ["north-a", "north-b", "north-c", "south-a", "south-b", "south-c"] as const;

/** Makes the full schema of a type. `settleMs` is how long a read or list may lag behind, if faults make it. */
export function simSchema(type: SimType, settleMs: number): ResourceSchema {
  const { uniqueName } = type;
  const hasToken = uniqueName === undefined;
  return {
    type: type.type,
    summary: type.summary,
    version: 1,
    sections: type.sections,
    outputs: type.outputs,
    world: {
      marker: hasToken ? "token" : "name",
      uniqueName: hasToken ? undefined : { section: "", field: uniqueName },
      settleMs,
      tokenLifetimeMs: hasToken ? TOKEN_LIFETIME_MS : 0,
      preconditions: hasToken,
      inProcess: false,
    },
    timeoutsMs: hasToken
      ? { create: 10_000, update: 10_000, delete: 10_000, read: 5_000 }
      : { create: 2_000, update: 2_000, delete: 2_000, read: 2_000 },
    importId: `${type.prefix}-1a2b3c4d`,
    sbomKind: type.sbomKind,
  };
}
