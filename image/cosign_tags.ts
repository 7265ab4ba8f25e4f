import { isJsonObject, type JsonObject } from "../engine/json.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { AttachedLayer } from "./attachment.ts";
import { readDocument } from "./base_image.ts";
import { type Blob, blobOf, descriptorJson, jsonBlob } from "./descriptor.ts";
import { type Digest, parseDigest, type Sha256 } from "./digest.ts";
import { MEDIA_TYPES } from "./media_type.ts";
import { referrersTag } from "./referrers.ts";

/**
 * The older form in which cosign keeps signatures and statements: a manifest under a tag that is made of the digest of the image,
 * with one layer a signature or statement (cosign, specs/SIGNATURE_SPEC.md).
 */
export type CosignTag = "sig" | "att";

/** A signature over a payload that names the image. */
export const SIMPLE_SIGNING_TYPE = "application/vnd.dev.cosign.simplesigning.v1+json";
export const ENVELOPE_TYPE = "application/vnd.dsse.envelope.v1+json";
/** The annotation that holds the signature over a layer, in base64. */
export const SIGNATURE_ANNOTATION = "dev.cosignproject.cosign/signature";
export const PREDICATE_ANNOTATION = "predicateType";

const PAYLOAD_KIND = "cosign container image signature";
const PAYLOAD_LIMIT_BYTES = 1024 * 1024;
const TAG_REGEXP = /^sha256-[0-9a-f]{64}(?:\.(?:sig|att|sbom))?$/;

/** The tag of an image's signatures or statements. */
export function cosignTag(subject: Digest, kind: CosignTag): string {
  return `${referrersTag(subject)}.${kind}`;
}

/** Whether a tag names no image but what is attached to one. */
export function isAttachmentTag(tag: string): boolean {
  return TAG_REGEXP.test(tag);
}

/** What a signature in this form is over. `repository` is where the image is going to; others may hold it to that. */
export function simpleSigningPayload(repository: string, digest: Digest): JsonObject {
  return {
    critical: {
      identity: { "docker-reference": repository },
      image: { "docker-manifest-digest": digest },
      type: PAYLOAD_KIND,
    },
    optional: null,
  };
}

/** The image that such a payload names; the error ends a sentence. */
export function readSimpleSigning(bytes: Uint8Array): Result<Digest, string> {
  const json = readDocument(bytes, PAYLOAD_LIMIT_BYTES);
  if (!json.ok) return json;
  const { critical } = json.value;
  const { image, type } = isJsonObject(critical) ? critical : {};
  if (type !== PAYLOAD_KIND) return err(`it says that it is "${String(type)}", wanted "${PAYLOAD_KIND}"`);
  const named = isJsonObject(image) ? image["docker-manifest-digest"] : undefined;
  const digest = typeof named === "string" ? parseDigest(named) : undefined;
  return digest === undefined ? err("it names no image by sha256") : ok(digest);
}

/** One layer of a manifest under such a tag. */
export interface CosignLayer {
  readonly blob: Blob;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A signature over a payload, as a layer. */
export function signatureLayer(
  sha256: Sha256,
  payload: Uint8Array<ArrayBuffer>,
  signature: Uint8Array,
): CosignLayer {
  return {
    blob: blobOf(sha256, SIMPLE_SIGNING_TYPE, payload),
    annotations: { [SIGNATURE_ANNOTATION]: signature.toBase64() },
  };
}

/** A signed statement, as a layer. */
export function statementLayer(sha256: Sha256, envelope: JsonObject, predicateType: string): CosignLayer {
  return {
    blob: jsonBlob(sha256, ENVELOPE_TYPE, envelope),
    annotations: { [PREDICATE_ANNOTATION]: predicateType, [SIGNATURE_ANNOTATION]: "" },
  };
}

/** The manifest of such layers, those that stood there `before` first, each once; and its config, which names them as an image's would. */
export function cosignManifest(
  sha256: Sha256,
  before: readonly AttachedLayer[],
  added: readonly CosignLayer[],
): { readonly manifest: Blob; readonly config: Blob; readonly isNew: boolean } {
  const held = before.map(({ annotations, ...descriptor }) => layerJson(descriptor, annotations));
  const known = new Set(held.map(keyOf));
  const fresh = added.map(({ annotations, blob }) => layerJson(blob, annotations))
    .filter((each) => !known.has(keyOf(each)));
  const layers = [...held, ...fresh];
  const config = jsonBlob(sha256, MEDIA_TYPES.config, {
    architecture: "",
    os: "",
    config: {},
    rootfs: { type: "layers", diff_ids: layers.map(({ digest }) => digest ?? null) },
  });
  const manifest = jsonBlob(sha256, MEDIA_TYPES.manifest, {
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.manifest,
    config: descriptorJson(config),
    layers,
  });
  return { manifest, config, isNew: fresh.length > 0 };
}

function layerJson(
  descriptor: Parameters<typeof descriptorJson>[0],
  annotations: Readonly<Record<string, string>>,
): JsonObject {
  return { ...descriptorJson(descriptor), annotations };
}

/** A layer is the same where its bytes and its signature are. */
function keyOf({ annotations, digest }: JsonObject): string {
  const signature = isJsonObject(annotations) ? annotations[SIGNATURE_ANNOTATION] : undefined;
  return `${String(digest)} ${String(signature)}`;
}
