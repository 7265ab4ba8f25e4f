import { canonicalJson } from "../../engine/canonical_json.ts";
import type { JsonObject } from "../../engine/json.ts";
import type { BuiltIndex } from "../../image/assemble_image.ts";
import type { Bom } from "../../image/bom.ts";
import { type Digest, digestOf, hexOf } from "../../image/digest.ts";
import { type BomBase, type BomFile, type BomProgram, imageBom, indexBom } from "../../image/image_bom.ts";
import { type Platform, platformText } from "../../image/platform.ts";
import { cyclonedx, CYCLONEDX_PREDICATE, CYCLONEDX_TYPE } from "../../image/sbom_cyclonedx.ts";
import { spdx, SPDX_PREDICATE, SPDX_TYPE } from "../../image/sbom_spdx.ts";
import type { BomFormat } from "../image_contents.ts";
import type { AttachedDocument } from "./attach_image.ts";
import { sha256 } from "./sha256.ts";

/** A document about an image: what it is, and which manifest or index it is about. */
export interface ImageDocument {
  readonly format: BomFormat;
  readonly mediaType: string;
  /** What a statement about it is called (in-toto). */
  readonly predicateType: string;
  readonly subject: Digest;
  /** `undefined`: it is about the index. */
  readonly platform: Platform | undefined;
  readonly digest: Digest;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What documents are made of. */
export interface DocumentParts {
  readonly name: string;
  readonly index: BuiltIndex;
  /** By the texts of their platforms. */
  readonly programs: ReadonlyMap<string, readonly BomProgram[]>;
  readonly files: readonly BomFile[];
  readonly base: BomBase | undefined;
  readonly epoch: number | undefined;
  readonly toolVersion: string;
}

const FORMATS: Readonly<
  Record<BomFormat, Pick<ImageDocument, "mediaType" | "predicateType"> & { write: typeof spdx }>
> = {
  cyclonedx: { mediaType: CYCLONEDX_TYPE, predicateType: CYCLONEDX_PREDICATE, write: cyclonedx },
  spdx: { mediaType: SPDX_TYPE, predicateType: SPDX_PREDICATE, write: spdx },
};
const SUFFIXES: Readonly<Record<BomFormat, string>> = { cyclonedx: "cdx.json", spdx: "spdx.json" };

/** The documents of an image that was built, in each format: one about each platform's manifest, and one about the index. */
export function imageDocuments(
  parts: DocumentParts,
  formats: readonly BomFormat[],
): readonly ImageDocument[] {
  const { epoch, index, name, toolVersion } = parts;
  const images = index.images.flatMap(({ manifest, platform }) => {
    const programs = parts.programs.get(platformText(platform)) ?? [];
    if (programs.length === 0) return [];
    const { base, files } = parts;
    const bom = imageBom({ name, platform, digest: manifest.digest, programs, files, base, epoch });
    return [{ bom, platform, digest: manifest.digest }];
  });
  const whole = {
    bom: indexBom({ name, digest: index.index.digest, images, epoch }),
    digest: index.index.digest,
  };
  return formats.flatMap((format) =>
    [...images, { ...whole, platform: undefined }].map(({ bom, digest, platform }) => {
      const bytes = documentBytes(bom, format, toolVersion);
      const { mediaType, predicateType } = FORMATS[format];
      return {
        format,
        mediaType,
        predicateType,
        subject: digest,
        platform,
        digest: digestOf(sha256, bytes),
        bytes,
      };
    })
  );
}

/** The same, each with what it is attached to. */
export function attachedDocuments(
  documents: readonly ImageDocument[],
  { images, index }: BuiltIndex,
): readonly AttachedDocument[] {
  const subjects = [index, ...images.map(({ manifest }) => manifest)];
  return documents.flatMap(({ bytes, mediaType, predicateType, subject: digest }) => {
    const subject = subjects.find((each) => each.digest === digest);
    return subject === undefined ? [] : [{ bytes, mediaType, predicateType, subject }];
  });
}

/** A bill of materials in a format, as it is stored, printed and signed: canonical JSON in one line. */
export function documentBytes(bom: Bom, format: BomFormat, toolVersion: string): Uint8Array<ArrayBuffer> {
  const json: JsonObject = FORMATS[format].write(bom, { version: toolVersion, sha256 });
  return new TextEncoder().encode(`${canonicalJson(json)}\n`);
}

/** What a document is, by its format. */
export function documentTypes(format: BomFormat): Pick<ImageDocument, "mediaType" | "predicateType"> {
  const { mediaType, predicateType } = FORMATS[format];
  return { mediaType, predicateType };
}

/** The file that a document about `subject` has beside an image. */
export function documentFile(subject: Digest, format: BomFormat): string {
  return `sha256-${hexOf(subject)}.${SUFFIXES[format]}`;
}

/** The file that a document has for people. */
export function shownFile(
  name: string,
  { format, platform }: Pick<ImageDocument, "format" | "platform">,
): string {
  const about = platform === undefined ? "index" : platformText(platform).replaceAll("/", "-");
  return `${name}-${about}.${SUFFIXES[format]}`;
}
