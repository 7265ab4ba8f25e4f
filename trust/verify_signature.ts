import type { KeyAlgorithm, TrustedKey } from "../engine/environment_event.ts";
import { IntegrityError } from "../engine/integrity_error.ts";
import { fromBase64url } from "./base64url.ts";
import { NON_EXTRACTABLE } from "./_web_crypto.ts";
import type { Hash } from "./blake3.ts";

/**
 * Verifies `signature` over `statement` under `key`; `where` names the place for people, for example
 * `production record 12`. Throws an `IntegrityError` of kind `signature` when it does not verify, and of kind `key` when
 * the key is not what its id says or cannot be read.
 */
export type VerifySignature = (
  key: TrustedKey,
  statement: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  where: string,
) => Promise<void>;

/** What WebCrypto calls an algorithm when it reads a key, and when it verifies. ECDSA takes r and s as they are stored. */
const WEB_CRYPTO: Readonly<
  Record<
    KeyAlgorithm,
    { readonly key: Algorithm | EcKeyImportParams; readonly verify: Algorithm | EcdsaParams }
  >
> = {
  "Ed25519": { key: { name: "Ed25519" }, verify: { name: "Ed25519" } },
  "ECDSA-P256-SHA256": {
    key: { name: "ECDSA", namedCurve: "P-256" },
    verify: { name: "ECDSA", hash: "SHA-256" },
  },
};

/**
 * Makes a verifier. It keeps the keys that it has read, so that a long log reads each key once; whether a key is trusted
 * at a place of the log is for its caller to know.
 */
export function signatureVerifier(hash: Hash): VerifySignature {
  const imported = new Map<string, Promise<CryptoKey>>();
  return async (key, statement, signature, where) => {
    const name = `${key.algorithm} ${key.id} ${key.publicKey}`;
    const publicKey = imported.get(name) ?? importKey(hash, key, where);
    imported.set(name, publicKey);
    const { verify } = WEB_CRYPTO[key.algorithm];
    const verifies = await crypto.subtle.verify(verify, await publicKey, signature, statement);
    if (verifies) return;
    throw new IntegrityError(
      "signature",
      where,
      `Cannot verify ${where}: its signature is not one of the key "${key.name}" (${key.id})`,
    );
  };
}

async function importKey(hash: Hash, key: TrustedKey, where: string): Promise<CryptoKey> {
  const spki = fromBase64url(key.publicKey);
  if (spki === undefined) throw unusable(key, where, "its public key is not base64url without padding");
  const id = hash(spki);
  if (id !== key.id) throw unusable(key, where, `its public key has the id ${id}`);
  try {
    const { key: algorithm } = WEB_CRYPTO[key.algorithm];
    return await crypto.subtle.importKey("spki", spki, algorithm, NON_EXTRACTABLE, ["verify"]);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    throw unusable(key, where, `its public key is not one for ${key.algorithm}`, error);
  }
}

function unusable(key: TrustedKey, where: string, why: string, cause?: unknown): IntegrityError {
  const message = `Cannot use the key "${key.name}" (${key.id}) for ${where}: ${why}`;
  return new IntegrityError("key", where, message, { cause });
}
