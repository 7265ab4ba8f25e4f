import type { KeyState } from "../engine/environment.ts";
import type { KeyRole } from "../engine/environment_event.ts";
import { isKeyName } from "../engine/key_name.ts";
import { nearName } from "../engine/near_name.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "../project/failure.ts";
import type { LostPin } from "../project/project_ports.ts";
import type { ProjectPaths, ReadVariable } from "../project/project_paths.ts";
import { kmsReference, parseKmsReference, SIGNING_KEY_FORM } from "../project/smelt_toml_keys.ts";
import type { Hash } from "../trust/blake3.ts";
import type { SigningKey } from "../trust/ed25519_key.ts";
import type { KmsKeyName } from "../trust/kms_key_name.ts";
import { loadSigner, signingKeyNames, signingKeyPath } from "../trust/signing_key_file.ts";
import { keyFailure } from "./key_failure.ts";

/** The environment variable that names the key which signs. */
const KEY_VARIABLE = "SMELT_KEY";

/** What names a key: the environment variable, or the option that names one which another has replaced. */
export type KeyAsker = typeof KEY_VARIABLE | "--old-key";

/** The name of the signing key of whoever works in a folder, where nobody says otherwise. */
const DEFAULT_KEY = "local";

/** The key that signs here: in a file of this machine, or in a key service. */
export type OwnKey =
  | { readonly kind: "file"; readonly name: string }
  | { readonly kind: "kms"; readonly name: KmsKeyName };

/**
 * Which key signs here: the one that `SMELT_KEY` names, else `inConfig`, the one that `smelt.toml` names, else `local`. What
 * else lies in the folder plays no part.
 */
export function ownKey(
  readVariable: ReadVariable,
  inConfig: KmsKeyName | undefined,
): Result<OwnKey, ProjectFailure> {
  const named = readVariable(KEY_VARIABLE);
  if (named === undefined || named === "") {
    return ok(
      inConfig === undefined ? { kind: "file", name: DEFAULT_KEY } : { kind: "kms", name: inConfig },
    );
  }
  return readKeyReference(named, KEY_VARIABLE);
}

/** Reads how people name a key that signs. */
export function readKeyReference(text: string, asker: KeyAsker): Result<OwnKey, ProjectFailure> {
  const remote = parseKmsReference(text);
  if (remote !== undefined) return ok({ kind: "kms", name: remote });
  if (isKeyName(text)) return ok({ kind: "file", name: text });
  return err({
    kind: "Keys",
    message: `Cannot use ${JSON.stringify(text)} of ${asker}: it is not the name of a key`,
    hint: `The name of a file in .smelt/keys/ without ".key", for example local, or ${SIGNING_KEY_FORM}`,
  });
}

/** How people name a key that signs: `local`, `kms:alias/smelt`. */
export function keyReference(own: OwnKey): string {
  return own.kind === "file" ? own.name : kmsReference(own.name);
}

/** Reads the key of this name that lies here. */
export async function loadOwnKey(
  hash: Hash,
  { name, asker }: { readonly name: string; readonly asker: KeyAsker },
  { keyFolder }: Pick<ProjectPaths, "keyFolder">,
): Promise<Result<SigningKey, ProjectFailure>> {
  const key = await loadSigner(hash, signingKeyPath(keyFolder, name));
  if (key.ok) return key;
  const failure = keyFailure(key.error);
  if (key.error.kind !== "Absent") return err(failure);
  const hint = otherKeysHint(name, asker, await signingKeyNames(keyFolder));
  return err(hint === undefined ? failure : { ...failure, hint });
}

function otherKeysHint(name: string, asker: KeyAsker, others: readonly string[]): string | undefined {
  if (others.length === 0) return undefined;
  const near = nearName(name, others);
  if (near !== undefined) return `Did you mean ${asker}${asker === KEY_VARIABLE ? "=" : " "}${near}?`;
  return `${asker} says which key signs; there are ${others.map((each) => `"${each}"`).join(", ")}`;
}

/** What a key is to be good for. */
export interface KeyUse {
  readonly environment: string;
  readonly keys: { get(id: string): KeyState | undefined };
  readonly role: KeyRole;
  /** Pins that the log does not hold: an older log may trust what this user has seen revoked since. */
  readonly lost: readonly LostPin[];
}

/** Why a key may not sign what is to come; asked before anything happens. */
export function keyRefusal(
  { name, signer: { keyId } }: SigningKey,
  { environment, keys, lost, role }: KeyUse,
): ProjectFailure | undefined {
  const known = keys.get(keyId);
  const key = `the key "${name}" (${keyId.slice(0, 8)})`;
  if (known === undefined) {
    return {
      kind: "KeyDamage",
      message: `Cannot sign for "${environment}" with ${key}: its log does not know that key`,
      hint:
        `smelt keys export prints what an admin of it adds by smelt keys add; ${KEY_VARIABLE} says which key signs`,
    };
  }
  if (known.isRevoked) {
    return {
      kind: "KeyDamage",
      message: `Cannot sign for "${environment}" with ${key}: it was revoked, and signs nothing any more`,
      hint: `smelt keys list ${environment} tells by which record; smelt keys create makes another key`,
    };
  }
  const isOver = wasNoAdmin(keyId, lost);
  if (known.key.roles.includes(role) && !isOver) return undefined;
  if (isOver) {
    return {
      kind: "Keys",
      message:
        `Cannot do this in "${environment}" with ${key}: in the part that was lost it was no admin any more`,
      hint:
        `Another key that was an admin there can do it: ${KEY_VARIABLE} says which one signs, --old-key which one it replaced`,
    };
  }
  const roles = known.key.roles.map((each) => `"${each}"`).join(", ");
  return {
    kind: "Keys",
    message: `Cannot do this in "${environment}" with ${key}: it takes the role "${role}", found ${
      roles || "none"
    }`,
    hint: `smelt keys list ${environment} tells who has it; ${KEY_VARIABLE} says which key signs`,
  };
}

/** Whether a pin of the lost part knows that the key was no admin there: whoever has it decides nothing about that part. */
export function wasNoAdmin(keyId: string, lost: readonly LostPin[]): boolean {
  return lost.some(({ admins }) => admins?.has(keyId) === false);
}
