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
  readonly program: BomProgram;
  /** The other files that were put into it. */
  readonly files: readonly BomFile[];
  readonly base: BomBase | undefined;
  readonly epoch: number | undefined;
}

/** The bill of materials of one platform's image. */
export function imageBom(image: BomImage): Bom {
  const program = programParts(image.program);
  const files = image.files.map(filePart);
  const base = image.base === undefined ? [] : [basePart(image.base)];
  const [own] = program;
  const relies = [...(own === undefined ? [] : [own]), ...files, ...base].map(({ ref }) => ref);
  const { contents } = image.program;
  return {
    subject: subjectPart(image, relies),
    parts: [...program, ...files, ...base],
    aggregates: [
      {
        aggregate: contents.aggregate,
        refs: [...(own === undefined ? [] : [own]), ...contents.parts].map(({ ref }) => ref),
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

/** The program first, then what is in it. */
function programParts(
  { contents, libc, libraries, linkage, path, rust, sha256 }: BomProgram,
): readonly BomPart[] {
  const linked = [
    ...(rust === undefined ? [] : [rustPart(rust)]),
    ...(libc === undefined ? [] : [libcPart(libc)]),
  ];
  const needs = libraries.map((each): BomNote => ["needs-library", each]);
  const program = barePart({
    ...filePart({ path, sha256 }),
    relies: [...contents.tops, ...linked.map(({ ref }) => ref)],
    notes: [["linkage", linkage], ...needs],
  });
  return [program, ...linked, ...contents.parts];
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
