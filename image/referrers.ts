import { isJsonObject, type Json, type JsonObject } from "../engine/json.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { MANIFEST_LIMIT_BYTES, readDescriptor, readDocument } from "./base_image.ts";
import { type Blob, type Descriptor, jsonBlob } from "./descriptor.ts";
import { type Digest, hexOf, type Sha256 } from "./digest.ts";
import { MEDIA_TYPES } from "./media_type.ts";

/** An entry of a list of attachments: the descriptor, and all that stands in it. */
export interface Referrer {
  readonly descriptor: Descriptor;
  readonly entry: JsonObject;
}

/** The tag under which registries that list no attachments keep the list of them (OCI distribution-spec, "Referrers Tag Schema"). */
export function referrersTag(subject: Digest): string {
  return `sha256-${hexOf(subject)}`;
}

/** Reads a list of attachments, as registries give it and as it is kept under a tag; the error ends a sentence. */
export function readReferrers(bytes: Uint8Array): Result<readonly Referrer[], string> {
  const json = readDocument(bytes, MANIFEST_LIMIT_BYTES);
  if (!json.ok) return json;
  const { manifests, mediaType } = json.value;
  if (mediaType !== undefined && mediaType !== MEDIA_TYPES.index) {
    return err(`it is "${String(mediaType)}", wanted an index`);
  }
  if (!isList(manifests)) return err("it has no list of manifests");
  const found: Referrer[] = [];
  for (const entry of manifests) {
    if (!isJsonObject(entry)) return err("one of its manifests is no object");
    const descriptor = readDescriptor(entry);
    if (!descriptor.ok) return descriptor;
    found.push({ descriptor: descriptor.value, entry });
  }
  return ok(found);
}

/** The list with some more; the order is that of digests, so that two writers of the same make the same bytes. */
export function withReferrers(
  sha256: Sha256,
  before: readonly Referrer[],
  added: readonly JsonObject[],
): Blob {
  const entries = [...before.map(({ entry }) => entry), ...added];
  return jsonBlob(sha256, MEDIA_TYPES.index, {
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.index,
    manifests: entries.toSorted((a, b) => String(a["digest"]) < String(b["digest"]) ? -1 : 1),
  });
}

function isList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json);
}
