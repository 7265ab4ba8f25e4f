import type { TrustedKey } from "../engine/environment_event.ts";
import { IntegrityError } from "../engine/integrity_error.ts";
import { fromBase64url } from "./base64url.ts";
import type { Hash } from "./blake3.ts";
import { importPublicKey, type PublicKey } from "./public_key.ts";

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

/**
 * Makes a verifier. It keeps the keys that it has read, so that a long log reads each key once; whether a key is trusted
 * at a place of the log is for its caller to know.
 */
export function signatureVerifier(hash: Hash): VerifySignature {
  const imported = new Map<string, Promise<PublicKey>>();
  return async (key, statement, signature, where) => {
    const name = `${key.algorithm} ${key.id} ${key.publicKey}`;
    const publicKey = imported.get(name) ?? importKey(hash, key, where);
    imported.set(name, publicKey);
    if (await (await publicKey).verifies(statement, signature)) return;
    throw new IntegrityError(
      "signature",
      where,
      `Cannot verify ${where}: its signature is not one of the key "${key.name}" (${key.id})`,
    );
  };
}

async function importKey(hash: Hash, key: TrustedKey, where: string): Promise<PublicKey> {
  const spki = fromBase64url(key.publicKey);
  if (spki === undefined) throw unusable(key, where, "its public key is not base64url without padding");
  const id = hash(spki);
  if (id !== key.id) throw unusable(key, where, `its public key has the id ${id}`);
  const publicKey = await importPublicKey(key.algorithm, spki);
  if (publicKey !== undefined) return publicKey;
  throw unusable(key, where, `its public key is not one for ${key.algorithm}`);
}

function unusable(key: TrustedKey, where: string, why: string): IntegrityError {
  const message = `Cannot use the key "${key.name}" (${key.id}) for ${where}: ${why}`;
  return new IntegrityError("key", where, message);
}
