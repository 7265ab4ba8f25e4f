import { err, ok, type Result } from "../engine/result.ts";
import { type KeyFile, parseKeyFile } from "./key_file.ts";
import type { KeyForm } from "./key_form.ts";
import { type KeyFileFault, keyFileFault } from "./key_file_fault.ts";
import { readPrivateFile } from "./private_file.ts";
import { readWrappedKey, type WrappedKeyFile, type WrappedUse } from "./wrapped_key_file.ts";

/** Opens the wrapped key in the file at `path`. What it gives lives in memory only. */
export type Unwrap = (
  path: string,
  file: WrappedKeyFile,
) => Promise<Result<Uint8Array<ArrayBuffer>, KeyFileFault>>;

/** A secret key that has been opened, and its file. */
export interface StoredSecretKey {
  readonly file: KeyFile;
  readonly form: KeyForm;
  /** As they are stored. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const CLEAR: KeyForm = { kind: "clear" };

/** Reads the file of a secret key for `use`, in clear or wrapped. */
export async function openSecretKeyFile(
  path: string,
  use: WrappedUse,
  unwrap: Unwrap,
): Promise<Result<StoredSecretKey, KeyFileFault>> {
  const read = await readPrivateFile(path);
  if (!read.ok) return read;
  const bytes = read.value;
  const wrapped = readWrappedKey(path, bytes);
  if (wrapped === undefined) {
    const file = parseKeyFile(path, bytes, use);
    return file.ok ? ok({ file: file.value, form: CLEAR, bytes }) : file;
  }
  if (!wrapped.ok) return wrapped;
  const { id, name, use: found, wrapped: { under } } = wrapped.value;
  if (found !== use) {
    return err(keyFileFault("Malformed", path, `it holds a key to ${found}, wanted one to ${use}`));
  }
  const key = await unwrap(path, wrapped.value);
  if (!key.ok) return key;
  return ok({ file: { use, id, name, key: key.value }, form: { kind: "wrapped", under }, bytes });
}

/** How the key for `use` in a file lies there. A wrapped one is not opened. */
export async function secretKeyForm(path: string, use: WrappedUse): Promise<Result<KeyForm, KeyFileFault>> {
  const opened = await openSecretKeyFile(path, use, () => Promise.resolve(ok(new Uint8Array())));
  return opened.ok ? ok(opened.value.form) : opened;
}

/** Opens no wrapped key: for those who have no key service. */
export function refuseWrapped(path: string): ReturnType<Unwrap> {
  return Promise.resolve(err(keyFileFault("Locked", path, "it is wrapped, and no key service is at hand")));
}
