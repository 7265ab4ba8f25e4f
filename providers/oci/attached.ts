import { isJsonObject, parseJson } from "../../engine/json.ts";
import type { Result } from "../../engine/result.ts";
import { type AttachedLayer, type AttachmentManifest, readAttachment } from "../../image/attachment.ts";
import { type CosignTag, ENVELOPE_TYPE } from "../../image/cosign_tags.ts";
import type { Descriptor } from "../../image/descriptor.ts";
import type { Digest } from "../../image/digest.ts";
import { BUNDLE_TYPE, type BundledEnvelope, readBundle } from "../../image/sigstore_bundle.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";
import type { RegistryFault } from "./registry_fault.ts";

type Fault = RegistryFault | ImageFault;

/** Something attached to an image, where it lies. */
export interface Attached {
  readonly descriptor: Descriptor;
  readonly manifest: AttachmentManifest;
  /** `list`: it names the image as its subject. Else the tag by which it was found. */
  readonly via: "list" | CosignTag;
}

/** Where what is attached to images is found: a layout, or a repository of a registry. */
export interface AttachmentPlace {
  /** All that is attached to `subject`. */
  list(subject: Digest): Promise<Result<readonly Attached[], Fault>>;
  /** A blob, which is what its descriptor names. */
  read(descriptor: Descriptor): Promise<Result<Uint8Array<ArrayBuffer>, Fault>>;
}

/** More than anybody attaches; a place with more is not looked through. */
export const ATTACHED_LIMIT = 1000;
/** The largest document that is read of what is attached. */
export const DOCUMENT_LIMIT_BYTES = 64 * 1024 * 1024;

/** Reads the manifest of something attached, of bytes that were held against the descriptor; `undefined` where it is none, which anybody may attach. */
export function attachedOf(
  descriptor: Descriptor,
  bytes: Uint8Array,
  via: Attached["via"],
): Attached | undefined {
  const manifest = readAttachment(bytes);
  return manifest.ok ? { descriptor, manifest: manifest.value, via } : undefined;
}

/** There are more than are looked through. */
export function tooMany(subject: Digest): ImageFault {
  return imageFault(
    `Cannot look through what is attached to ${subject}: there are more than ${ATTACHED_LIMIT} documents`,
  );
}

/** The layers of something attached that hold envelopes: that of a bundle, or those under a tag of cosign. */
export function envelopeLayers({ manifest, via }: Attached): readonly AttachedLayer[] {
  if (via === "att") return manifest.layers.filter(({ mediaType }) => mediaType === ENVELOPE_TYPE);
  const isBundle = via === "list" && manifest.artifactType === BUNDLE_TYPE;
  return isBundle ? manifest.layers.slice(0, 1) : [];
}

/** The envelope in the bytes of such a layer; `undefined` where they are none, which anybody may attach. */
export function envelopeOf(via: Attached["via"], bytes: Uint8Array): BundledEnvelope | undefined {
  if (via !== "att") {
    const bundle = readBundle(bytes);
    return bundle.ok ? bundle.value : undefined;
  }
  const json = parseJson(new TextDecoder().decode(bytes));
  return isJsonObject(json) ? { envelope: json, hint: undefined } : undefined;
}
