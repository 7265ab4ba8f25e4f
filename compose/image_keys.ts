import type { KeyAlgorithm } from "../engine/environment_event.ts";
import type { Json, JsonObject } from "../engine/json.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "../project/failure.ts";
import type { ImageKey, ImageSigner, OpenedEnvelope, SigningFault } from "../providers/image_trust.ts";
import { fromBase64url } from "../trust/base64url.ts";
import { preAuthEncoding, readEnvelope } from "../trust/dsse.ts";
import { rawEcdsaSignature } from "../trust/ecdsa_signature.ts";
import { LARGEST_MESSAGE_BYTES } from "../trust/kms_signer.ts";
import { importPublicKey } from "../trust/public_key.ts";
import { signBytes, signEnvelope } from "./attestor.ts";
import type { FoundKey } from "./signing_key.ts";

/** The public half of a key, for verifying images. */
export interface PublicHalf {
  readonly id: string;
  readonly name: string;
  readonly algorithm: KeyAlgorithm;
  readonly spki: Uint8Array<ArrayBuffer>;
}

/** Takes a public key into use; `undefined` when it is not one of its algorithm. */
export async function imageKey(half: PublicHalf): Promise<ImageKey | undefined> {
  const { algorithm, id, name, spki } = half;
  const publicKey = await importPublicKey(algorithm, spki);
  if (publicKey === undefined) return undefined;
  const verifies: ImageKey["verifies"] = async (bytes, signature) => {
    const raw = DECODED[algorithm](signature);
    return raw !== undefined && await publicKey.verifies(bytes, raw);
  };
  return { id, name, verifies, open: (envelope, hint) => opened({ id, verifies }, envelope, hint) };
}

/** Takes a key into use that signs images. */
export async function imageSigner(found: FoundKey): Promise<ImageSigner | undefined> {
  const { algorithm, name, publicKey, signer } = found.key;
  const spki = fromBase64url(publicKey);
  const key = spki === undefined ? undefined : await imageKey({ id: signer.keyId, name, algorithm, spki });
  return key === undefined ? undefined : {
    key,
    limitBytes: found.kind === "kms" && algorithm === "Ed25519" ? LARGEST_MESSAGE_BYTES : undefined,
    // Verifiers pass over signatures whose hint is not made as they make theirs: what attaches the envelope has it instead.
    signStatement: async (statement: JsonObject) => told(await signEnvelope(found, statement, "left")),
    signBytes: async (bytes) => told(await signBytes(found, bytes)),
  };
}

/** Signatures as WebCrypto has them, of what other programs write; `undefined`: it is none. */
const DECODED: Readonly<
  Record<KeyAlgorithm, (signature: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> | undefined>
> = {
  "Ed25519": (signature) => signature,
  "ECDSA-P256-SHA256": rawEcdsaSignature,
};

async function opened(
  { id, verifies }: Pick<ImageKey, "id" | "verifies">,
  json: Json,
  hint: string | undefined,
): Promise<OpenedEnvelope> {
  const envelope = readEnvelope(json);
  if (envelope === undefined) return { kind: "foreign" };
  const { payload, payloadType, signatures } = envelope;
  const bytes = preAuthEncoding(payloadType, payload);
  for (const { signature } of signatures) {
    if (await verifies(bytes, signature)) return { kind: "signed", payloadType, payload };
  }
  const isNamed = hint === id || signatures.some(({ keyId }) => keyId === id);
  return { kind: isNamed ? "altered" : "foreign" };
}

function told<T>(signed: Result<T, ProjectFailure>): Result<T, SigningFault> {
  if (signed.ok) return ok(signed.value);
  const { hint, message } = signed.error;
  return err(hint === undefined ? { kind: "keys", message } : { kind: "keys", message, hint });
}
