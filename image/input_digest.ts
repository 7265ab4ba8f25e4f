import { canonicalJson } from "../engine/canonical_json.ts";
import type { JsonObject } from "../engine/json.ts";
import { type Digest, digestOf, type Sha256 } from "./digest.ts";

/**
 * What decides over the bytes of an image beside its inputs: the compressor, and the order of what is in it. Another one here
 * moves digests, so it makes an image due for a build.
 */
export const IMAGE_FORM = "layout 1, fflate 0.8.3";

const VERSION = 1;

/** The digest of all that an image is made of: the same inputs give the same image. */
export function inputDigest(sha256: Sha256, inputs: JsonObject): Digest {
  return digestOf(sha256, new TextEncoder().encode(canonicalJson({ ...inputs, v: VERSION })));
}
