import type { JsonObject } from "../../engine/json.ts";
import { ok, type Result } from "../../engine/result.ts";
import { readSimpleSigning, SIGNATURE_ANNOTATION, SIMPLE_SIGNING_TYPE } from "../../image/cosign_tags.ts";
import type { Digest } from "../../image/digest.ts";
import type { BundledEnvelope } from "../../image/sigstore_bundle.ts";
import type { ImageKey } from "../image_trust.ts";
import {
  type Attached,
  type AttachmentPlace,
  DOCUMENT_LIMIT_BYTES,
  envelopeLayers,
  envelopeOf,
} from "./attached.ts";
import type { ImageFault } from "./image_fault.ts";
import type { RegistryFault } from "./registry_fault.ts";

type Fault = RegistryFault | ImageFault;

/** Something that claims to be signed, and what became of the claim. */
export type FoundStatement =
  /** A key signed exactly `payload`. Nothing else of the envelope is believed. */
  | {
    readonly kind: "statement";
    readonly from: Digest;
    readonly via: Attached["via"];
    readonly key: ImageKey;
    readonly payloadType: string;
    readonly payload: Uint8Array<ArrayBuffer>;
    /** As it lies there, to be attached elsewhere too. */
    readonly envelope: JsonObject;
  }
  /** A key signed a payload in cosign's older form, which names `image`; the error says what it is instead. */
  | {
    readonly kind: "signature";
    readonly from: Digest;
    readonly key: ImageKey;
    readonly payload: Uint8Array<ArrayBuffer>;
    readonly image: Result<Digest, string>;
  }
  /** It names a key, and is not what that key signed. */
  | { readonly kind: "altered"; readonly from: Digest; readonly key: ImageKey }
  /** None of the keys signed it. */
  | { readonly kind: "foreign"; readonly from: Digest };

/** Reads all that is attached to an image and claims to be signed, and asks each key of it. Documents without a signature are passed over. */
export async function openStatements(
  place: AttachmentPlace,
  subject: Digest,
  keys: readonly ImageKey[],
): Promise<Result<readonly FoundStatement[], Fault>> {
  const listed = await place.list(subject);
  if (!listed.ok) return listed;
  const found: FoundStatement[] = [];
  for (const attached of listed.value) {
    const read = await statementsIn(place, attached, keys);
    if (!read.ok) return read;
    found.push(...read.value);
  }
  return ok(found);
}

async function statementsIn(
  place: AttachmentPlace,
  attached: Attached,
  keys: readonly ImageKey[],
): Promise<Result<readonly FoundStatement[], Fault>> {
  const found: FoundStatement[] = [];
  const from = attached.descriptor.digest;
  for (const layer of envelopeLayers(attached)) {
    if (layer.sizeBytes > DOCUMENT_LIMIT_BYTES) continue;
    const bytes = await place.read(layer);
    if (isGone(bytes)) continue;
    if (!bytes.ok) return bytes;
    found.push(await openOne(attached, envelopeOf(attached.via, bytes.value), keys));
  }
  if (attached.via !== "sig") return ok(found);
  for (const layer of attached.manifest.layers) {
    const signature = signatureOf(layer.annotations[SIGNATURE_ANNOTATION]);
    const isOne = layer.mediaType === SIMPLE_SIGNING_TYPE && layer.sizeBytes <= DOCUMENT_LIMIT_BYTES;
    if (!isOne || signature === undefined) continue;
    const bytes = await place.read(layer);
    if (isGone(bytes)) continue;
    if (!bytes.ok) return bytes;
    const signed = await firstOf(keys, (key) => key.verifies(bytes.value, signature));
    found.push(
      signed === undefined ? { kind: "foreign", from } : {
        kind: "signature",
        from,
        key: signed,
        payload: bytes.value,
        image: readSimpleSigning(bytes.value),
      },
    );
  }
  return ok(found);
}

/** What others attach may name what nobody has sent. */
function isGone(read: Result<unknown, Fault>): boolean {
  return !read.ok && read.error.kind === "registry" && read.error.status === 404;
}

async function openOne(
  { descriptor: { digest: from }, via }: Attached,
  bundled: BundledEnvelope | undefined,
  keys: readonly ImageKey[],
): Promise<FoundStatement> {
  if (bundled === undefined) return { kind: "foreign", from };
  const { envelope, hint } = bundled;
  let altered: ImageKey | undefined;
  for (const key of keys) {
    const opened = await key.open(envelope, hint);
    if (opened.kind === "signed") return { ...opened, kind: "statement", from, via, key, envelope };
    if (opened.kind === "altered") altered ??= key;
  }
  return altered === undefined ? { kind: "foreign", from } : { kind: "altered", from, key: altered };
}

async function firstOf(
  keys: readonly ImageKey[],
  isIt: (key: ImageKey) => Promise<boolean>,
): Promise<ImageKey | undefined> {
  for (const key of keys) if (await isIt(key)) return key;
  return undefined;
}

function signatureOf(text: string | undefined): Uint8Array<ArrayBuffer> | undefined {
  if (text === undefined) return undefined;
  try {
    return Uint8Array.fromBase64(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
