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
import { type KeyAsker, loadOwnKey, type OwnKey, ownKey, readKeyReference } from "./own_key.ts";

/** A signing key in use, and where it is. */
export type FoundKey =
  | { readonly kind: "file"; readonly key: SigningKey; readonly path: string }
  | { readonly kind: "kms"; readonly key: KmsSigningKey; readonly name: KmsKeyName };

/** Where a key is, for people. */
export function placeOfKey(found: FoundKey): KeyPlace {
  return found.kind === "file" ? { kind: "file", path: found.path } : { kind: "kms", name: found.name };
}

/** Where keys are looked for. */
export interface KeyLookup {
  readonly hash: Hash;
  readonly paths: ProjectPaths;
}

/** Finds the key that signs in an environment: the one that `SMELT_KEY` names, else the one of `smelt.toml`, else `local`. */
export async function findSigningKey(
  outside: Outside,
  lookup: KeyLookup,
  { signing, region }: KeyPlaces,
): Promise<Result<FoundKey, ProjectFailure>> {
  const own = ownKey(outside.readVariable, signing);
  return own.ok ? await find(outside, lookup, { own: own.value, region, asker: "SMELT_KEY" }) : own;
}

/** Finds the key that `--old-key` names, by the same words as `SMELT_KEY`. */
export async function findOldKey(
  outside: Outside,
  lookup: KeyLookup,
  { text, region }: { readonly text: string; readonly region: string | undefined },
): Promise<Result<FoundKey, ProjectFailure>> {
  const asker = "--old-key";
  const own = readKeyReference(text, asker);
  return own.ok ? await find(outside, lookup, { own: own.value, region, asker }) : own;
}

async function find(
  outside: Outside,
  lookup: KeyLookup,
  { own, region, asker }: {
    readonly own: OwnKey;
    readonly region: string | undefined;
    readonly asker: KeyAsker;
  },
): Promise<Result<FoundKey, ProjectFailure>> {
  const { name } = own;
  if (own.kind === "kms") return await findKmsKey(outside, lookup, { name: own.name, region });
  const { hash, paths } = lookup;
  const key = await loadOwnKey(hash, { name, asker }, paths);
  return key.ok ? ok({ kind: "file", key: key.value, path: signingKeyPath(paths.keyFolder, name) }) : key;
}

/** Finds a key in KMS, whichever signs here. */
export async function findKmsKey(
  outside: Outside,
  { hash }: KeyLookup,
  { name, region }: { readonly name: KmsKeyName; readonly region: string | undefined },
): Promise<Result<FoundKey, ProjectFailure>> {
  const kms = await reachKms(outside, name, region);
  if (!kms.ok) return kms;
  const key = await openKmsSigner(hash, kms.value, name);
  return key.ok ? ok({ kind: "kms", key: key.value, name }) : err(kmsFailure(key.error));
}
