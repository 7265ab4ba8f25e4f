import { PAYLOAD_TYPE } from "../audit/attestation.ts";
import { canonicalJson } from "../engine/canonical_json.ts";
import { invariant } from "../engine/invariant.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "../project/failure.ts";
import type { ProjectPaths } from "../project/project_paths.ts";
import type { Attestor } from "../project/project_ports.ts";
import { fromBase64url } from "../trust/base64url.ts";
import type { Hash } from "../trust/blake3.ts";
import { signEnvelope } from "../trust/dsse.ts";
import { publicKeyPem } from "../trust/public_key_pem.ts";
import { loadSigner, signingKeyPath } from "../trust/signing_key_file.ts";
import { OWN_KEY } from "./create_environment.ts";
import { keyFailure } from "./environment_keys.ts";

/** Loads the key of this machine, to sign attestations with. */
export async function openAttestor(
  hash: Hash,
  { keyFolder }: ProjectPaths,
): Promise<Result<Attestor, ProjectFailure>> {
  const key = await loadSigner(hash, signingKeyPath(keyFolder, OWN_KEY));
  if (!key.ok) return err(keyFailure(key.error));
  const { publicKey, signer } = key.value;
  const spki = fromBase64url(publicKey);
  invariant(spki !== undefined, "A loaded key has its public half in base64url");
  return ok({
    keyId: signer.keyId,
    publicKeyPem: publicKeyPem(spki),
    sign: (statement) =>
      signEnvelope(PAYLOAD_TYPE, new TextEncoder().encode(canonicalJson(statement)), signer),
  });
}
