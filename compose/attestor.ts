import { PAYLOAD_TYPE } from "../audit/attestation.ts";
import { canonicalJson } from "../engine/canonical_json.ts";
import { invariant } from "../engine/invariant.ts";
import { ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "../project/failure.ts";
import type { ProjectPaths, ReadVariable } from "../project/project_paths.ts";
import type { Attestor } from "../project/project_ports.ts";
import { fromBase64url } from "../trust/base64url.ts";
import type { Hash } from "../trust/blake3.ts";
import { signEnvelope } from "../trust/dsse.ts";
import { publicKeyPem } from "../trust/public_key_pem.ts";
import { loadOwnKey } from "./own_key.ts";

/** Loads the key of this machine, to sign attestations with. */
export async function openAttestor(
  hash: Hash,
  readVariable: ReadVariable,
  paths: ProjectPaths,
): Promise<Result<Attestor, ProjectFailure>> {
  const key = await loadOwnKey(hash, readVariable, paths);
  if (!key.ok) return key;
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
