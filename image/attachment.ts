import { isJsonObject, type Json, type JsonObject } from "../engine/json.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { MANIFEST_LIMIT_BYTES, readDescriptor, readDocument, textsOf } from "./base_image.ts";
import { type Blob, blobOf, type Descriptor, descriptorJson, jsonBlob } from "./descriptor.ts";
import type { Digest, Sha256 } from "./digest.ts";
import { MEDIA_TYPES } from "./media_type.ts";

/**
 * Documents about an image, each in a manifest of its own that names the image as its subject (OCI image-spec 1.1, manifest.md,
 * "Guidelines for Artifact Usage"). The image knows nothing of them: attaching changes no digest.
 */
export interface Attachment {
  readonly manifest: Blob;
  /** What the manifest names, each before it: the empty config, and the document. */
  readonly parts: readonly Blob[];
  readonly artifactType: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly subject: Descriptor;
}

/** What to attach. */
export interface AttachmentParts {
  /** What the document is, by its media type. */
  readonly artifactType: string;
  readonly document: Blob;
  readonly subject: Descriptor;
  readonly annotations: Readonly<Record<string, string>>;
}

const EMPTY_TEXT = "{}";

/** The manifest that attaches a document: equal parts give equal bytes. */
export function makeAttachment(sha256: Sha256, parts: AttachmentParts): Attachment {
  const { annotations, artifactType, document, subject } = parts;
  const empty = blobOf(sha256, MEDIA_TYPES.empty, new TextEncoder().encode(EMPTY_TEXT));
  const manifest = jsonBlob(sha256, MEDIA_TYPES.manifest, {
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.manifest,
    artifactType,
    config: descriptorJson(empty),
    layers: [descriptorJson(document)],
    subject: descriptorJson(subject),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  });
  return { manifest, parts: [empty, document], artifactType, annotations, subject };
}

/** How lists of attachments, and the index of a layout, name one (OCI distribution-spec, "Listing Referrers"). */
export function attachmentEntry(
  { annotations, artifactType, manifest }: Pick<Attachment, "annotations" | "artifactType"> & {
    readonly manifest: Descriptor;
  },
): JsonObject {
  return {
    ...descriptorJson(manifest),
    ...(artifactType === "" ? {} : { artifactType }),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  };
}

/** What a manifest says that may attach something. */
export interface AttachmentManifest {
  /** Empty where it says nothing of it. */
  readonly artifactType: string;
  readonly config: Descriptor;
  readonly layers: readonly AttachedLayer[];
  /** What it is about; `undefined` where it does not say. */
  readonly subject: Digest | undefined;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A document of an attachment, and what its descriptor says besides. */
export interface AttachedLayer extends Descriptor {
  readonly annotations: Readonly<Record<string, string>>;
}

/** Reads a manifest as an attachment, whoever wrote it; the error ends a sentence. */
export function readAttachment(bytes: Uint8Array): Result<AttachmentManifest, string> {
  const json = readDocument(bytes, MANIFEST_LIMIT_BYTES);
  if (!json.ok) return json;
  const { artifactType, config = null, layers, subject = null } = json.value;
  if (!isJsonObject(config) || !isList(layers)) return err("it has no config or no list of layers");
  const own = readDescriptor(config);
  if (!own.ok) return own;
  const read: AttachedLayer[] = [];
  for (const each of layers) {
    const layer = isJsonObject(each) ? readDescriptor(each) : err("one of its layers is no object");
    if (!layer.ok) return layer;
    read.push({ ...layer.value, annotations: textsOf(isJsonObject(each) ? each["annotations"] : null) });
  }
  const about = isJsonObject(subject) ? readDescriptor(subject) : undefined;
  if (about !== undefined && !about.ok) return about;
  return ok({
    // One that says nothing is what its config is (image-spec, manifest.md, "artifactType").
    artifactType: typeof artifactType === "string" ? artifactType : own.value.mediaType,
    config: own.value,
    layers: read,
    subject: about?.value.digest,
    annotations: textsOf(json.value["annotations"]),
  });
}

function isList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json);
}
