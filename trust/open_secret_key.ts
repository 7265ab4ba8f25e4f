import { err, type Result } from "../engine/result.ts";
import type { KeyForm } from "./key_form.ts";
import { type KeyFileFault, keyFileFault } from "./key_file_fault.ts";
import { createPrivateFile } from "./private_file.ts";
import type { KeepKey } from "./keep_secret_key.ts";
import { openSecretKeyFile, secretKeyForm, type StoredSecretKey, type Unwrap } from "./secret_key_file.ts";
import { type SecretKeyName, secretKeyPath } from "./secret_key_path.ts";
import type { WrappedUse } from "./wrapped_key_file.ts";

const KEY_BYTES = 32;

/** What cannot be done without a key. */
const LACKS: Readonly<Record<WrappedUse, string>> = {
  encrypt: "secrets cannot be opened",
  digest: "changes of secrets cannot be told",
};

/** Opens a secret key, which must be the one that its file is named after. The fault names the file that cannot serve. */
export async function openSecretKey(
  folder: string,
  wanted: SecretKeyName,
  unwrap: Unwrap,
): Promise<Result<StoredSecretKey, KeyFileFault>> {
  const path = secretKeyPath(folder, wanted);
  const opened = await openSecretKeyFile(path, wanted.use, unwrap);
  if (!opened.ok) return opened.error.kind === "Absent" ? err(absent(path, wanted)) : opened;
  const { id, name, key } = opened.value.file;
  if (id === wanted.id && name === wanted.environment && key.length === KEY_BYTES) return opened;
  const why = `it holds the key ${id} of "${name}", wanted ${wanted.id} of "${wanted.environment}"`;
  return err(keyFileFault("Malformed", path, why));
}

/** How a secret key lies here, without opening it. */
export async function formOfSecretKey(
  folder: string,
  wanted: SecretKeyName,
): Promise<Result<KeyForm, KeyFileFault>> {
  return await secretKeyForm(secretKeyPath(folder, wanted), wanted.use);
}

/**
 * Copies a secret key from a folder of copies, once it has been opened: a wrapped one as it is, byte for byte; one in clear as
 * `keep` keeps new ones.
 */
export async function copySecretKey(
  { from, to }: { readonly from: string; readonly to: string },
  wanted: SecretKeyName,
  { unwrap, keep }: { readonly unwrap: Unwrap; readonly keep: KeepKey },
): Promise<Result<void, KeyFileFault>> {
  const opened = await openSecretKey(from, wanted, unwrap);
  if (!opened.ok) return opened;
  const { form, bytes, file } = opened.value;
  if (form.kind === "wrapped") return await createPrivateFile(secretKeyPath(to, wanted), bytes);
  return await keep({ use: wanted.use, id: wanted.id, bytes: file.key });
}

function absent(path: string, { environment, use }: SecretKeyName): KeyFileFault {
  const why = `there is no such file, and without it ${LACKS[use]} in environment "${environment}"; ` +
    "copy it from a machine that has it";
  return keyFileFault("Absent", path, why);
}
