import { isJsonObject, type JsonObject } from "../engine/json.ts";
import type { BuiltIndex } from "./assemble_image.ts";
import { isAttachmentTag } from "./cosign_tags.ts";
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
 * What `index.json` holds: the image under each of its tags, or without a name where it has none, what is attached to it, and
 * what a layout named `before` by other tags.
 */
export function layoutIndex(
  sha256: Sha256,
  { attachments = [], index, tags, before }: {
    readonly index: Descriptor;
    readonly tags: readonly string[];
    readonly before: readonly JsonObject[];
    /** Entries of what is attached to the image; one that stands under a tag takes the place of the one before. */
    readonly attachments?: readonly JsonObject[];
  },
): Blob {
  const ours: readonly JsonObject[] = tags.length === 0
    ? [descriptorJson(index)]
    : tags.toSorted().map((tag) => ({ ...descriptorJson(index), annotations: { [REF_NAME]: tag } }));
  const names = new Set([...tags, ...attachments.flatMap((each) => refNameOf(each) ?? [])]);
  const added = new Set(attachments.map(({ digest }) => digest));
  const kept = before.filter((each) => {
    const name = refNameOf(each);
    if (name !== undefined) return !names.has(name);
    return !added.has(each["digest"]) && (tags.length > 0 || each["digest"] !== index.digest);
  });
  return jsonBlob(sha256, MEDIA_TYPES.index, {
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.index,
    manifests: [...kept, ...ours, ...attachments].toSorted((a, b) => orderOf(a) < orderOf(b) ? -1 : 1),
  });
}

/** The tag of an entry of `index.json`. */
export function refNameOf(entry: JsonObject): string | undefined {
  const annotations = entry["annotations"];
  const name = isJsonObject(annotations) ? annotations[REF_NAME] : undefined;
  return typeof name === "string" ? name : undefined;
}

/** Whether an entry of `index.json` names no image but what is attached to one. */
export function isAttachmentEntry(entry: JsonObject): boolean {
  const tag = refNameOf(entry);
  return typeof entry["artifactType"] === "string" || (tag !== undefined && isAttachmentTag(tag));
}

function orderOf(entry: JsonObject): string {
  return `${refNameOf(entry) ?? ""}\n${String(entry["digest"])}`;
}
