import { err, type Result } from "../engine/result.ts";
import { createKeyFile } from "./key_file.ts";
import { type KeyFileFault, keyFileFault } from "./key_file_fault.ts";
import type { KmsKeyName } from "./kms_key_name.ts";
import { type ReachKms, wrappedKeyBytes, type WrappedPlace } from "./kms_secret_keys.ts";
import { createPrivateFile } from "./private_file.ts";
import { secretKeyPath } from "./secret_key_path.ts";
import type { WrappedUse } from "./wrapped_key_file.ts";

/** A secret key in clear, on its way to its file. */
export interface ClearKey {
  readonly use: WrappedUse;
  readonly id: string;
  /** 256 bits. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Makes the file of a secret key; durable once it resolves. */
export type KeepKey = (key: ClearKey) => Promise<Result<void, KeyFileFault>>;

/** Keeps keys of an environment as they are, in files that only their owner may read. */
export function keepInClear(folder: string, environment: string): KeepKey {
  return ({ use, id, bytes }) =>
    createKeyFile(secretKeyPath(folder, { environment, use, id }), {
      use,
      id,
      name: environment,
      key: bytes,
    });
}

/** Under which key of a service the keys of an environment are wrapped. */
export interface Wrapping {
  readonly reach: ReachKms;
  readonly under: KmsKeyName;
  readonly place: WrappedPlace;
}

/** Keeps keys wrapped: none lies in clear. */
export function keepWrapped(wrapping: Wrapping): KeepKey {
  const { environment, folder } = wrapping.place;
  return async (key) => {
    const path = secretKeyPath(folder, { environment, use: key.use, id: key.id });
    const line = await wrappedLine(wrapping, path, key);
    return line.ok ? await createPrivateFile(path, line.value) : line;
  };
}

/** The bytes of the file of a key, wrapped now; `path` is for the fault. */
export async function wrappedLine(
  { reach, under, place }: Wrapping,
  path: string,
  key: ClearKey,
): Promise<Result<Uint8Array<ArrayBuffer>, KeyFileFault>> {
  const locked = (why: string) => err(keyFileFault("Locked", path, why, "Cannot make the key file"));
  const kms = await reach(under);
  if (!kms.ok) return locked(kms.error.message);
  const wrapped = await wrappedKeyBytes(kms.value, under, { ...key, place });
  return wrapped.ok ? wrapped : locked(wrapped.error.message);
}
