import { err, ok, type Result } from "../engine/result.ts";
import { type KeyFile, parseKeyFile } from "./key_file.ts";
import { type KeyFileFault, keyFileFault } from "./key_file_fault.ts";
import { readPrivateFile } from "./private_file.ts";
import { readWrappedKey, type WrappedKeyFile, type WrappedUse } from "./wrapped_key_file.ts";

/** Opens the wrapped key in the file at `path`. What it gives lives in memory only. */
export type Unwrap = (
  path: string,
  file: WrappedKeyFile,
) => Promise<Result<Uint8Array<ArrayBuffer>, KeyFileFault>>;

/** Reads the file of a secret key for `use`, in clear or wrapped. */
export async function readSecretKeyFile(
  path: string,
  use: WrappedUse,
  unwrap: Unwrap,
): Promise<Result<KeyFile, KeyFileFault>> {
  const read = await readPrivateFile(path);
  if (!read.ok) return read;
  const wrapped = readWrappedKey(path, read.value);
  if (wrapped === undefined) return parseKeyFile(path, read.value, use);
  if (!wrapped.ok) return wrapped;
  const { id, name, use: found } = wrapped.value;
  if (found !== use) {
    return err(keyFileFault("Malformed", path, `it holds a key to ${found}, wanted one to ${use}`));
  }
  const key = await unwrap(path, wrapped.value);
  return key.ok ? ok({ use, id, name, key: key.value }) : key;
}

/** Opens no wrapped key: for those who have no key service. */
export function refuseWrapped(path: string): ReturnType<Unwrap> {
  return Promise.resolve(err(keyFileFault("Locked", path, "it is wrapped, and no key service is at hand")));
}
