import { barePart, type Bom, type BomNote, type BomPart } from "./bom.ts";
import { libcPart, type ProgramContents, rustPart } from "./bom_contents.ts";
import { type Digest, hexOf } from "./digest.ts";
import type { Libc } from "./libc.ts";
import { type Platform, platformText } from "./platform.ts";
import { imagePurl } from "./purl.ts";
import { parseReference, type Reference } from "./reference.ts";
import type { RustRelease } from "./rust_release.ts";

/** A file of an image, by its absolute path, and its digest in hex. */
export interface BomFile {
  readonly path: string;
  readonly sha256: string;
}

/** The program of an image, and what is known of it. */
export interface BomProgram extends BomFile {
  readonly linkage: "static" | "dynamic";
  /** Libraries that it needs of its image. */
  readonly libraries: readonly string[];
  readonly contents: ProgramContents;
  readonly rust: RustRelease | undefined;
  readonly libc: Libc | undefined;
}

/** What an image stands on. */
export interface BomBase {
  /** As it was asked for. */
  readonly name: string;
  readonly digest: Digest;
  readonly from: "registry" | "layout";
}

/** One platform's image, as it was built. */
export interface BomImage {
  readonly name: string;
  readonly platform: Platform;
  /** Of its manifest. */
  readonly digest: Digest;
  /** At least one; several were built together, of the same crates. */
  readonly programs: readonly BomProgram[];
  /** The other files that were put into it. */
  readonly files: readonly BomFile[];
  readonly base: BomBase | undefined;
  readonly epoch: number | undefined;
}

/** The bill of materials of one platform's image. */
export function imageBom(image: BomImage): Bom {
  const programs = image.programs.map(programPart);
  const contents = contentParts(image.programs);
  const files = image.files.map(filePart);
  const base = image.base === undefined ? [] : [basePart(image.base)];
  const crates = new Set(image.programs.flatMap((each) => each.contents.parts.map(({ ref }) => ref)));
  return {
    subject: subjectPart(image, [...programs, ...files, ...base].map(({ ref }) => ref)),
    parts: [...programs, ...contents, ...files, ...base],
    aggregates: [
      {
        aggregate: image.programs[0]?.contents.aggregate ?? "unknown",
        refs: [...programs.map(({ ref }) => ref), ...crates],
      },
      // Nobody looked into it here.
      ...base.map(({ ref }) => ({ aggregate: "unknown" as const, refs: [ref] })),
    ],
    epoch: image.epoch,
  };
}

/** The bill of materials of an index: which images it names, and nothing of what is in them. */
export function indexBom(
  { digest, epoch, images, name }: {
    readonly name: string;
    readonly digest: Digest;
    readonly images: readonly Pick<BomImage, "platform" | "digest">[];
    readonly epoch: number | undefined;
  },
): Bom {
  const parts = images.map((each) => variantPart(name, each));
  const relies = parts.map(({ ref }) => ref);
  const purl = imagePurl(name, digest, { architecture: undefined, place: undefined });
  const about = { kind: "container", name, version: digest, purl, sha256: hexOf(digest) } as const;
  return {
    subject: barePart({ ...about, ref: purl, role: "subject", relies, notes: [["kind", "index"]] }),
    parts,
    aggregates: [{ aggregate: "complete", refs: [purl] }],
    epoch,
  };
}

/** The bill of materials of source that nothing was built of: what its lock file tells. */
export function sourceBom(name: string, contents: ProgramContents): Bom {
  const subject = barePart({
    ref: `source:${name}`,
    role: "subject",
    kind: "application",
    name,
    relies: contents.tops,
    notes: [["kind", "lock file"]],
  });
  const refs = [subject, ...contents.parts].map(({ ref }) => ref);
  return {
    subject,
    parts: contents.parts,
    aggregates: [{ aggregate: contents.aggregate, refs }],
    epoch: undefined,
  };
}

function subjectPart({ digest, name, platform }: BomImage, relies: readonly string[]): BomPart {
  return { ...variantPart(name, { digest, platform }), role: "subject", relies };
}

function variantPart(name: string, { digest, platform }: Pick<BomImage, "platform" | "digest">): BomPart {
  const purl = imagePurl(name, digest, { architecture: platform.architecture, place: undefined });
  return barePart({
    ref: purl,
    role: "variant",
    kind: "container",
    name,
    version: digest,
    purl,
    sha256: hexOf(digest),
    notes: [["platform", platformText(platform)]],
  });
}

function programPart(program: BomProgram): BomPart {
  const { contents, libraries, linkage } = program;
  const needs = libraries.map((each): BomNote => ["needs-library", each]);
  return barePart({
    ...filePart(program),
    relies: [...contents.tops, ...linkedParts(program).map(({ ref }) => ref)],
    notes: [["linkage", linkage], ...needs],
  });
}

/** What is in programs, each once: what is linked to each, then crates. */
function contentParts(programs: readonly BomProgram[]): readonly BomPart[] {
  const linked = programs.flatMap(linkedParts);
  const all = [...linked, ...programs.flatMap(({ contents }) => contents.parts)];
  const parts = new Map<string, BomPart>();
  for (const part of all) {
    // One program may tell the version of a library that another holds without its line.
    const known = parts.get(part.ref);
    if (known === undefined || known.version === undefined) parts.set(part.ref, part);
  }
  return [...parts.values()];
}

function linkedParts({ libc, rust }: BomProgram): readonly BomPart[] {
  return [
    ...(rust === undefined ? [] : [rustPart(rust)]),
    ...(libc === undefined ? [] : [libcPart(libc)]),
  ];
}

function filePart({ path, sha256 }: BomFile): BomPart {
  return barePart({ ref: `file:${path}`, role: "contents", kind: "file", name: path, sha256 });
}

function basePart({ digest, from, name }: BomBase): BomPart {
  const place = from === "registry" ? referenceOf(name) : undefined;
  const short = (place?.repository ?? name).split("/").at(-1) ?? name;
  const purl = imagePurl(short, digest, { architecture: undefined, place });
  return barePart({
    ref: `base:${digest}`,
    role: "base",
    kind: "container",
    name,
    version: digest,
    purl,
    sha256: hexOf(digest),
  });
}

function referenceOf(text: string): Reference | undefined {
  const reference = parseReference(text);
  return reference.ok ? reference.value : undefined;
}
