import { isJsonObject, type JsonObject } from "../engine/json.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { readDocument } from "./base_image.ts";

/** What signed statements travel in beside an image, as cosign and others read it (sigstore protobuf-specs, sigstore_bundle.proto). */
export const BUNDLE_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";

/** Annotations by which attached bundles are told apart without fetching them. */
export const BUNDLE_CONTENT = "dev.sigstore.bundle.content";
export const BUNDLE_PREDICATE = "dev.sigstore.bundle.predicateType";
/** What the first of them says of an envelope. */
export const ENVELOPE_CONTENT = "dsse-envelope";

const LIMIT_BYTES = 64 * 1024 * 1024;

/** Puts an envelope into a bundle without entries of a transparency log; `keyId` hints at the key and decides nothing. */
export function bundleJson(envelope: JsonObject, keyId: string): JsonObject {
  return {
    mediaType: BUNDLE_TYPE,
    dsseEnvelope: envelope,
    verificationMaterial: { publicKey: { hint: keyId }, tlogEntries: [] },
  };
}

/** An envelope, as it stands in a bundle, and what hints at its key. */
export interface BundledEnvelope {
  readonly envelope: JsonObject;
  readonly hint: string | undefined;
}

/** Reads a bundle; the error ends a sentence. */
export function readBundle(bytes: Uint8Array): Result<BundledEnvelope, string> {
  const json = readDocument(bytes, LIMIT_BYTES);
  if (!json.ok) return json;
  const { dsseEnvelope, verificationMaterial } = json.value;
  if (!isJsonObject(dsseEnvelope)) return err("it is a bundle without an envelope");
  const material = isJsonObject(verificationMaterial) ? verificationMaterial["publicKey"] : undefined;
  const hint = isJsonObject(material) ? material["hint"] : undefined;
  return ok({ envelope: dsseEnvelope, hint: typeof hint === "string" ? hint : undefined });
}
