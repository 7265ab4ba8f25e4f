import { canonicalJson } from "../engine/canonical_json.ts";
import type { JsonObject } from "../engine/json.ts";
import { type Digest, digestOf, type Sha256 } from "./digest.ts";
import type { Platform } from "./platform.ts";

/** Names a blob: what it is, its digest and its size (OCI image-spec, descriptor.md). */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
}

/** A blob and its name. */
export interface Blob extends Descriptor {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Names `bytes`. */
export function blobOf(sha256: Sha256, mediaType: string, bytes: Uint8Array<ArrayBuffer>): Blob {
  return { mediaType, digest: digestOf(sha256, bytes), sizeBytes: bytes.length, bytes };
}

/** The blob of a document in its canonical form (RFC 8785), without a line feed at its end. */
export function jsonBlob(sha256: Sha256, mediaType: string, json: JsonObject): Blob {
  return blobOf(sha256, mediaType, new TextEncoder().encode(canonicalJson(json)));
}

/** A descriptor as documents hold it. */
export function descriptorJson({ mediaType, digest, sizeBytes }: Descriptor): JsonObject {
  return { mediaType, digest, size: sizeBytes };
}

/** A platform as documents hold it. */
export function platformJson({ os, architecture, variant }: Platform): JsonObject {
  return variant === undefined ? { os, architecture } : { os, architecture, variant };
}
