import type { Crate } from "./crate_list.ts";
import type { Licence } from "./licence.ts";

/** What a part is to what holds it. */
export type BomRole =
  /** What the document is about. */
  | "subject"
  /** A file that lies in the image. */
  | "contents"
  /** What the image stands on. */
  | "base"
  /** The image of one platform, in an index. */
  | "variant"
  /** What a program is made of. */
  | "dependency";

/** One thing of a bill of materials. */
export interface BomPart {
  /** By which others name it; none has the same. */
  readonly ref: string;
  readonly role: BomRole;
  readonly kind: "application" | "container" | "file" | "library";
  readonly name: string;
  readonly version: string | undefined;
  /** Package URL. */
  readonly purl: string | undefined;
  /** In hex. */
  readonly sha256: string | undefined;
  readonly licence: Licence;
  readonly scope: Crate["scope"];
  /** Refs of what it relies on or holds. */
  readonly relies: readonly string[];
  /** What no field of the formats holds. */
  readonly notes: readonly BomNote[];
}

/** A name and a value. */
export type BomNote = readonly [name: string, value: string];

/** How much of what some parts rely on is listed. */
export interface BomAggregate {
  readonly aggregate: "complete" | "incomplete" | "unknown";
  readonly refs: readonly string[];
}

/** A bill of materials, in no format yet. */
export interface Bom {
  readonly subject: BomPart;
  readonly parts: readonly BomPart[];
  readonly aggregates: readonly BomAggregate[];
  /** Seconds since 1970; `undefined` where none was set, so that equal inputs give equal bytes. */
  readonly epoch: number | undefined;
}

/** A part of which little is known. */
export function barePart(part: Pick<BomPart, "ref" | "role" | "kind" | "name"> & Partial<BomPart>): BomPart {
  return {
    version: undefined,
    purl: undefined,
    sha256: undefined,
    licence: { kind: "unasked" },
    scope: undefined,
    relies: [],
    notes: [],
    ...part,
  };
}
