import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "../project/failure.ts";
import type { ProjectPaths } from "../project/project_paths.ts";
import type { KeyPlace } from "../project/project_ports.ts";
import type { KeyPlaces } from "../project/smelt_toml_keys.ts";
import type { Hash } from "../trust/blake3.ts";
import type { SigningKey } from "../trust/ed25519_key.ts";
import type { KmsKeyName } from "../trust/kms_key_name.ts";
import { type KmsSigningKey, openKmsSigner } from "../trust/kms_signer.ts";
import { signingKeyPath } from "../trust/signing_key_file.ts";
import { kmsFailure, reachKms } from "./key_service.ts";
import type { Outside } from "./outside.ts";
import { loadOwnKey, ownKeyName } from "./own_key.ts";

/** A signing key in use, and where it is. */
export type FoundKey =
  | { readonly kind: "file"; readonly key: SigningKey; readonly path: string }
  | { readonly kind: "kms"; readonly key: KmsSigningKey; readonly name: KmsKeyName };

/** Where a key is, for people. */
export function placeOfKey(found: FoundKey): KeyPlace {
  return found.kind === "file" ? { kind: "file", path: found.path } : { kind: "kms", name: found.name };
}

/** Finds the key that signs in an environment: the one in KMS that `smelt.toml` names, else the one in a file. */
export async function findSigningKey(
  outside: Outside,
  { hash, paths }: { readonly hash: Hash; readonly paths: ProjectPaths },
  { signing: name, region }: KeyPlaces,
): Promise<Result<FoundKey, ProjectFailure>> {
  if (name === undefined) {
    const own = ownKeyName(outside.readVariable);
    if (!own.ok) return own;
    const path = signingKeyPath(paths.keyFolder, own.value);
    const key = await loadOwnKey(hash, outside.readVariable, paths);
    return key.ok ? ok({ kind: "file", key: key.value, path }) : key;
  }
  const kms = await reachKms(outside, name, region);
  if (!kms.ok) return kms;
  const key = await openKmsSigner(hash, kms.value, name);
  return key.ok ? ok({ kind: "kms", key: key.value, name }) : err(kmsFailure(key.error));
}
