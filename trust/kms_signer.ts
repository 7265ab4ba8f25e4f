import { invariant } from "../engine/invariant.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { toBase64url } from "./base64url.ts";
import type { Hash } from "./blake3.ts";
import { rawEcdsaSignature } from "./ecdsa_signature.ts";
import type { SigningKey } from "./ed25519_key.ts";
import type { Kms, KmsPublicKey } from "./kms.ts";
import { type KmsFault, unusableFault } from "./kms_fault.ts";
import { type KmsKeyName, labelOfKmsKey } from "./kms_key_name.ts";
import { importPublicKey, type PublicKey } from "./public_key.ts";

/** The most that KMS signs in one call (`Sign`, MessageType RAW). */
const LARGEST_MESSAGE_BYTES = 4_096;

/**
 * Takes a key of a key service into use. Its public half is fetched once; each signature is verified with it before it is
 * given on, so that a service that answers rubbish spoils no log. Signing rejects when the service does not sign.
 */
export async function openKmsSigner(
  hash: Hash,
  kms: Kms,
  name: KmsKeyName,
): Promise<Result<SigningKey, KmsFault>> {
  const found = await kms.publicKey(name);
  if (!found.ok) return found;
  const { algorithm, spki } = found.value;
  const publicKey = await importPublicKey(algorithm, spki);
  if (publicKey === undefined) {
    return err(unusableFault(name, `its public key is not one for ${algorithm}`));
  }
  const sign = (statement: Uint8Array<ArrayBuffer>) => signChecked(kms, found.value, publicKey, statement);
  return ok({
    name: labelOfKmsKey(name),
    algorithm,
    publicKey: toBase64url(spki),
    signer: { keyId: hash(spki), sign },
  });
}

async function signChecked(
  kms: Kms,
  key: KmsPublicKey,
  publicKey: PublicKey,
  statement: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  invariant(statement.length <= LARGEST_MESSAGE_BYTES, "A statement is short enough for a key service");
  const answer = await kms.sign(key, statement);
  if (!answer.ok) throw new Error(answer.error.message);
  const signature = key.algorithm === "Ed25519" ? answer.value : rawEcdsaSignature(answer.value);
  if (signature !== undefined && await publicKey.verifies(statement, signature)) return signature;
  throw new Error(
    `Cannot use the signature of the key "${key.id}" in AWS KMS: it is not one of that key over what was sent`,
  );
}
