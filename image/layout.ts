import { isJsonObject, type JsonObject } from "../engine/json.ts";
import type { BuiltIndex } from "./assemble_image.ts";
import { type Blob, type Descriptor, descriptorJson, jsonBlob } from "./descriptor.ts";
import { type Digest, hexOf, type Sha256 } from "./digest.ts";
import { MEDIA_TYPES } from "./media_type.ts";

/** The name by which an entry of a layout goes: what stands behind the `:` for tools that read layouts. */
export const REF_NAME = "org.opencontainers.image.ref.name";
/** The file that makes a folder a layout, and what it holds (OCI image-spec, image-layout.md). */
export const LAYOUT_FILE = "oci-layout";
export const LAYOUT_TEXT = '{"imageLayoutVersion":"1.0.0"}';
/** The file that names what a layout is about. */
export const LAYOUT_INDEX = "index.json";

/** Where a blob lies in a layout. */
export function blobPath(digest: Digest): string {
  return `blobs/sha256/${hexOf(digest)}`;
}

/** All blobs of an image that are ours; what names another comes after it. */
export function ownBlobs({ index, images }: BuiltIndex): readonly Blob[] {
  const parts = images.flatMap((
    { config, layers, manifest },
  ) => [...layers.map(({ blob }) => blob), config, manifest]);
  return [...parts, index];
}

/**
 * What `index.json` holds: the image under each of its tags, or without a name where it has none, beside what a layout named
 * `before` by other tags.
 */
export function layoutIndex(
  sha256: Sha256,
  { index, tags, before }: {
    readonly index: Descriptor;
    readonly tags: readonly string[];
    readonly before: readonly JsonObject[];
  },
): Blob {
  const ours: readonly JsonObject[] = tags.length === 0
    ? [descriptorJson(index)]
    : tags.toSorted().map((tag) => ({ ...descriptorJson(index), annotations: { [REF_NAME]: tag } }));
  const kept = before.filter((each) => {
    const name = refNameOf(each);
    return name === undefined ? tags.length > 0 || each["digest"] !== index.digest : !tags.includes(name);
  });
  return jsonBlob(sha256, MEDIA_TYPES.index, {
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.index,
    manifests: [...kept, ...ours].toSorted((a, b) => orderOf(a) < orderOf(b) ? -1 : 1),
  });
}

/** The tag of an entry of `index.json`. */
export function refNameOf(entry: JsonObject): string | undefined {
  const annotations = entry["annotations"];
  const name = isJsonObject(annotations) ? annotations[REF_NAME] : undefined;
  return typeof name === "string" ? name : undefined;
}

function orderOf(entry: JsonObject): string {
  return `${refNameOf(entry) ?? ""}\n${String(entry["digest"])}`;
}
