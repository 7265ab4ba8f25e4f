import type { Brand } from "../engine/brand.ts";

/** The digest of a blob, for example `sha256:e3b0…`: the algorithm and 64 hex digits in lower case. */
export type Digest = Brand<string, "Digest">;

/** SHA-256 of bytes, as 64 hex digits in lower case. It comes in from outside, since nothing here has effects. */
export type Sha256 = (bytes: Uint8Array) => string;

const DIGEST_REGEXP = /^sha256:[0-9a-f]{64}$/;
const ALGORITHM = "sha256";

/** Returns `undefined` when `text` is no digest by SHA-256, the only algorithm that registries must know (OCI image-spec, descriptor.md). */
export function parseDigest(text: string): Digest | undefined {
  return DIGEST_REGEXP.test(text) ? (text as Digest) : undefined;
}

/** The digest of `bytes`. */
export function digestOf(sha256: Sha256, bytes: Uint8Array): Digest {
  return `${ALGORITHM}:${sha256(bytes)}` as Digest;
}

/** The hex digits of a digest, which name its blob in a layout. */
export function hexOf(digest: Digest): string {
  return digest.slice(ALGORITHM.length + 1);
}
