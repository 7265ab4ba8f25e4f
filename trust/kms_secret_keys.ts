import { type Random, randomId } from "../engine/random.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { type KeyFileFault, keyFileFault } from "./key_file_fault.ts";
import type { Kms, KmsContext, WrappedKey } from "./kms.ts";
import type { KmsFault } from "./kms_fault.ts";
import type { KmsKeyName } from "./kms_key_name.ts";
import { createPrivateFile } from "./private_file.ts";
import type { Unwrap } from "./secret_key_file.ts";
import { secretKeyPath } from "./secret_key_path.ts";
import type { RawKey, SecretKeyNames } from "./secret_keys.ts";
import { type WrappedKeyFile, wrappedKeyLine, type WrappedUse } from "./wrapped_key_file.ts";

/** Of which environment secret keys are, and where their files lie. */
export interface WrappedPlace {
  readonly folder: string;
  /** The id of the project. */
  readonly project: string;
  readonly environment: string;
}

/** A key service that may not be there at all. */
export type ReachKms = (under: KmsKeyName) => Promise<Result<Kms, { readonly message: string }>>;

/**
 * What a wrapped key is bound to. The id has 128 random bits, so no two keys have one context; what opens it is computed anew
 * from the log and `smelt.toml` each time, never read from the key file.
 */
export function keyContext(
  project: string,
  { use, id, name }: Pick<WrappedKeyFile, "use" | "id" | "name">,
): KmsContext {
  return { "smelt:project": project, "smelt:environment": name, "smelt:use": use, "smelt:key": id };
}

/** Makes the data key and the digest key of a new environment, wrapped under a key of the service, and says their names. */
export async function createWrappedKeys(
  kms: Kms,
  random: Random,
  { under, place }: { readonly under: KmsKeyName; readonly place: WrappedPlace },
): Promise<Result<SecretKeyNames, KmsFault | KeyFileFault>> {
  const data = await createWrappedKey(kms, under, { use: "encrypt", id: randomId(random), place });
  if (!data.ok) return data;
  const digest = await createWrappedKey(kms, under, { use: "digest", id: randomId(random), place });
  if (!digest.ok) return digest;
  return ok({ environment: place.environment, dataKey: data.value.id, digestKey: digest.value.id });
}

/** Which secret key, and where its file lies. */
export interface WantedKey {
  readonly use: WrappedUse;
  readonly id: string;
  readonly place: WrappedPlace;
}

/** Makes one secret key and its file; gives it in clear too, for whoever uses it at once. */
export async function createWrappedKey(
  kms: Kms,
  under: KmsKeyName,
  wanted: WantedKey,
): Promise<Result<RawKey, KmsFault | KeyFileFault>> {
  const made = await kms.makeKey(under, contextOf(wanted));
  if (!made.ok) return made;
  const created = await createWrappedFile(wanted, made.value.wrapped);
  return created.ok ? ok({ id: wanted.id, bytes: made.value.clear }) : created;
}

/** Wraps a secret key that was made elsewhere; gives the bytes of its file. */
export async function wrappedKeyBytes(
  kms: Kms,
  under: KmsKeyName,
  wanted: WantedKey & { readonly bytes: Uint8Array },
): Promise<Result<Uint8Array<ArrayBuffer>, KmsFault>> {
  const wrapped = await kms.wrapKey(under, wanted.bytes, contextOf(wanted));
  return wrapped.ok ? ok(lineOf(wanted, wrapped.value)) : wrapped;
}

function contextOf({ use, id, place: { environment, project } }: WantedKey): KmsContext {
  return keyContext(project, { use, id, name: environment });
}

async function createWrappedFile(
  wanted: WantedKey,
  wrapped: WrappedKey,
): Promise<Result<void, KeyFileFault>> {
  const { use, id, place: { environment, folder } } = wanted;
  const path = secretKeyPath(folder, { environment, use, id });
  return await createPrivateFile(path, lineOf(wanted, wrapped));
}

function lineOf({ use, id, place }: WantedKey, wrapped: WrappedKey): Uint8Array<ArrayBuffer> {
  return wrappedKeyLine({ use, id, name: place.environment, wrapped });
}

/** Opens wrapped keys of a project with the service that wrapped them. */
export function unwrapWith(reach: ReachKms, project: string): Unwrap {
  return async (path, file) => {
    const kms = await reach(file.wrapped.under);
    if (!kms.ok) return err(locked(path, file.wrapped, kms.error.message));
    const opened = await kms.value.openKey(file.wrapped, keyContext(project, file));
    if (opened.ok) return opened;
    const { kind, why } = opened.error;
    return err(kind === "WrongContext" ? foreign(path, file) : locked(path, file.wrapped, why));
  };
}

function locked(path: string, { under }: WrappedKey, why: string): KeyFileFault {
  return keyFileFault("Locked", path, `it is wrapped, and "${under}" in AWS KMS does not open it: ${why}`);
}

function foreign(path: string, { id, name, wrapped }: WrappedKeyFile): KeyFileFault {
  const why =
    `it was altered, or wrapped for something else than the key ${id} of "${name}" in this project: ` +
    `"${wrapped.under}" in AWS KMS does not open it`;
  return keyFileFault("Foreign", path, why);
}
