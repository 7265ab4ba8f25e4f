import { PAYLOAD_TYPE } from "../audit/attestation.ts";
import { canonicalJson } from "../engine/canonical_json.ts";
import type { KeyAlgorithm } from "../engine/environment_event.ts";
import { invariant } from "../engine/invariant.ts";
import type { JsonObject } from "../engine/json.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "../project/failure.ts";
import type { ProjectPaths } from "../project/project_paths.ts";
import type { Attestor } from "../project/project_ports.ts";
import type { KeyPlaces } from "../project/smelt_toml_keys.ts";
import { fromBase64url } from "../trust/base64url.ts";
import type { Hash } from "../trust/blake3.ts";
import { type Envelope, preAuthEncoding, writeEnvelope } from "../trust/dsse.ts";
import { derEcdsaSignature } from "../trust/ecdsa_signature.ts";
import { publicKeyPem } from "../trust/public_key_pem.ts";
import { kmsFailure } from "./key_service.ts";
import type { Outside } from "./outside.ts";
import { findSigningKey, type FoundKey } from "./signing_key.ts";

/** Finds the key that signs in an environment, to sign attestations with. */
export async function openAttestor(
  outside: Outside,
  place: { readonly hash: Hash; readonly paths: ProjectPaths },
  keys: KeyPlaces,
): Promise<Result<Attestor, ProjectFailure>> {
  const found = await findSigningKey(outside, place, keys);
  if (!found.ok) return found;
  const { publicKey, signer } = found.value.key;
  const spki = fromBase64url(publicKey);
  invariant(spki !== undefined, "A signing key has its public half in base64url");
  return ok({
    keyId: signer.keyId,
    publicKeyPem: publicKeyPem(spki),
    sign: (statement) => signEnvelope(found.value, statement),
  });
}

/** Signs the canonical form of an in-toto statement, in an envelope which hints at the key, or not. */
export async function signEnvelope(
  found: FoundKey,
  statement: JsonObject,
  hint: "told" | "left" = "told",
): Promise<Result<JsonObject, ProjectFailure>> {
  const payload = new TextEncoder().encode(canonicalJson(statement));
  const signature = await signBytes(found, preAuthEncoding(PAYLOAD_TYPE, payload));
  if (!signature.ok) return signature;
  const keyId = hint === "told" ? found.key.signer.keyId : "";
  const signatures = [{ keyId, signature: signature.value }];
  const envelope: Envelope = { payloadType: PAYLOAD_TYPE, payload, signatures };
  return ok(writeEnvelope(envelope));
}

/** Signs bytes; the signature is as other programs read it. */
export async function signBytes(
  found: FoundKey,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Result<Uint8Array<ArrayBuffer>, ProjectFailure>> {
  const signature = await signed(found, bytes);
  return signature.ok ? ok(ENCODED[found.key.algorithm](signature.value)) : signature;
}

/** Signatures as other programs read them: those by ECDSA in DER. */
const ENCODED: Readonly<
  Record<KeyAlgorithm, (signature: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>>
> = {
  "Ed25519": (signature) => signature,
  "ECDSA-P256-SHA256": derEcdsaSignature,
};

async function signed(
  found: FoundKey,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Result<Uint8Array<ArrayBuffer>, ProjectFailure>> {
  if (found.kind === "file") return ok(await found.key.signer.sign(bytes));
  const signature = await found.key.trySign(bytes);
  return signature.ok ? signature : err(kmsFailure(signature.error));
}
