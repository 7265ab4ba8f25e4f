import type { KeyAlgorithm } from "../engine/environment_event.ts";
import { NON_EXTRACTABLE } from "./_web_crypto.ts";

/** A public key in use. */
export interface PublicKey {
  /** Whether `signature` is one of this key over `statement`. */
  verifies(statement: Uint8Array<ArrayBuffer>, signature: Uint8Array<ArrayBuffer>): Promise<boolean>;
}

/** What WebCrypto calls an algorithm when it reads a key, and when it verifies. ECDSA takes r and s as they are stored. */
interface WebCryptoNames {
  readonly read: Algorithm | EcKeyImportParams;
  readonly verify: Algorithm | EcdsaParams;
}

const NAMES: Readonly<Record<KeyAlgorithm, WebCryptoNames>> = {
  "Ed25519": { read: { name: "Ed25519" }, verify: { name: "Ed25519" } },
  "ECDSA-P256-SHA256": {
    read: { name: "ECDSA", namedCurve: "P-256" },
    verify: { name: "ECDSA", hash: "SHA-256" },
  },
};

/** What stands before the bytes of a public key in its SubjectPublicKeyInfo (RFC 8410 section 4, RFC 5480 section 2), and how many follow. */
const ENCODINGS: Readonly<
  Record<KeyAlgorithm, { readonly prefix: Uint8Array; readonly sizeBytes: number }>
> = {
  "Ed25519": { prefix: Uint8Array.fromHex("302a300506032b6570032100"), sizeBytes: 32 },
  // The curve by its name, the point uncompressed.
  "ECDSA-P256-SHA256": {
    prefix: Uint8Array.fromHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004"),
    sizeBytes: 64,
  },
};

/**
 * Whether `spki` is a key of the algorithm in the one encoding that is used here. DER allows others of the same key, each of
 * which would have another id: a key that was revoked must not come back under another one.
 */
export function isPublicKey(algorithm: KeyAlgorithm, spki: Uint8Array): boolean {
  const { prefix, sizeBytes } = ENCODINGS[algorithm];
  return spki.length === prefix.length + sizeBytes && prefix.every((byte, at) => spki[at] === byte);
}

/** Takes a public key into use; `undefined` when `spki`, a SubjectPublicKeyInfo in DER, is none of the algorithm. */
export async function importPublicKey(
  algorithm: KeyAlgorithm,
  spki: Uint8Array<ArrayBuffer>,
): Promise<PublicKey | undefined> {
  if (!isPublicKey(algorithm, spki)) return undefined;
  const { read, verify } = NAMES[algorithm];
  try {
    const key = await crypto.subtle.importKey("spki", spki, read, NON_EXTRACTABLE, ["verify"]);
    return { verifies: (statement, signature) => crypto.subtle.verify(verify, key, signature, statement) };
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}
