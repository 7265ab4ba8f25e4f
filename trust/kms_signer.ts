import { err, ok, type Result } from "../engine/result.ts";
import { toBase64url } from "./base64url.ts";
import type { Hash } from "./blake3.ts";
import { rawEcdsaSignature } from "./ecdsa_signature.ts";
import type { SigningKey } from "./ed25519_key.ts";
import type { Kms, KmsPublicKey } from "./kms.ts";
import { type KmsFault, rubbishFault, tooLongFault, unusableFault } from "./kms_fault.ts";
import { type KmsKeyName, labelOfKmsKey } from "./kms_key_name.ts";
import { importPublicKey, type PublicKey } from "./public_key.ts";

/** The most that KMS signs by Ed25519, which takes the message itself (`Sign`, MessageType RAW). */
export const LARGEST_MESSAGE_BYTES = 4_096;

/** A signing key in a key service: its signer rejects when the service does not sign, and `trySign` says why. */
export interface KmsSigningKey extends SigningKey {
  trySign(statement: Uint8Array<ArrayBuffer>): Promise<Result<Uint8Array<ArrayBuffer>, KmsFault>>;
}

/**
 * Takes a key of a key service into use. Its public half is fetched once; each signature is verified with it before it is
 * given on, so that a service that answers rubbish spoils no log.
 */
export async function openKmsSigner(
  hash: Hash,
  kms: Kms,
  name: KmsKeyName,
): Promise<Result<KmsSigningKey, KmsFault>> {
  const found = await kms.publicKey(name);
  if (!found.ok) return found;
  const { algorithm, spki } = found.value;
  const publicKey = await importPublicKey(algorithm, spki);
  if (publicKey === undefined) return err(unusableFault(name, `its public key is not one for ${algorithm}`));
  const trySign = (statement: Uint8Array<ArrayBuffer>) =>
    signChecked(kms, { ...found.value, publicKey }, statement);
  return ok({
    name: labelOfKmsKey(name),
    algorithm,
    publicKey: toBase64url(spki),
    trySign,
    signer: {
      keyId: hash(spki),
      async sign(statement: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
        const signature = await trySign(statement);
        if (signature.ok) return signature.value;
        throw new Error(signature.error.message);
      },
    },
  });
}

async function signChecked(
  kms: Kms,
  { algorithm, id, publicKey }: Pick<KmsPublicKey, "algorithm" | "id"> & { readonly publicKey: PublicKey },
  statement: Uint8Array<ArrayBuffer>,
): Promise<Result<Uint8Array<ArrayBuffer>, KmsFault>> {
  if (algorithm === "Ed25519" && statement.length > LARGEST_MESSAGE_BYTES) {
    return err(tooLongFault(id, statement.length, LARGEST_MESSAGE_BYTES));
  }
  const answer = await kms.sign({ id, algorithm }, statement);
  if (!answer.ok) return answer;
  const signature = algorithm === "Ed25519" ? answer.value : rawEcdsaSignature(answer.value);
  if (signature !== undefined && await publicKey.verifies(statement, signature)) return ok(signature);
  return err(rubbishFault(id, "what it gave as a signature is not one of this key over what was sent"));
}
