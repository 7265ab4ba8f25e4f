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

/** Takes a public key into use; `undefined` when `spki`, a SubjectPublicKeyInfo in DER, is none of the algorithm. */
export async function importPublicKey(
  algorithm: KeyAlgorithm,
  spki: Uint8Array<ArrayBuffer>,
): Promise<PublicKey | undefined> {
  const { read, verify } = NAMES[algorithm];
  try {
    const key = await crypto.subtle.importKey("spki", spki, read, NON_EXTRACTABLE, ["verify"]);
    return { verifies: (statement, signature) => crypto.subtle.verify(verify, key, signature, statement) };
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}
