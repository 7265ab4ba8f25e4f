/**
 * Puts a wrapped key in the place of a secret key that lies in clear.
 *
 *   W1. There is a whole file of the same key under the name at every moment.
 *   W2. The wrapped file takes the place of the other one only once it was opened again, and holds the same bits.
 *   W3. What was cut short is begun anew by the next call.
 *
 * The key itself stays: copies of the file of before hold it in clear.
 */
import { rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { err, ok, type Result } from "../engine/result.ts";
import { type KeyFileFault, keyFileFault } from "./key_file_fault.ts";
import { type ClearKey, wrappedLine, type Wrapping } from "./keep_secret_key.ts";
import { openSecretKey } from "./open_secret_key.ts";
import { createPrivateFile, syncFolder } from "./private_file.ts";
import { openSecretKeyFile, type Unwrap } from "./secret_key_file.ts";
import { type SecretKeyName, secretKeyPath } from "./secret_key_path.ts";

/** Wraps the key of this name where it lies in clear, and says whether it did. */
export async function wrapKeyFile(
  wanted: SecretKeyName,
  wrapping: Wrapping,
  unwrap: Unwrap,
): Promise<Result<"wrapped" | "unchanged", KeyFileFault>> {
  const { folder } = wrapping.place;
  const opened = await openSecretKey(folder, wanted, unwrap);
  if (!opened.ok) return opened;
  const { form, file } = opened.value;
  if (form.kind === "wrapped") return ok("unchanged");
  const path = secretKeyPath(folder, wanted);
  const key: ClearKey = { use: wanted.use, id: wanted.id, bytes: file.key };
  const line = await wrappedLine(wrapping, path, key);
  if (!line.ok) return line;
  const next = `${path}.next`;
  await unlinkIfThere(next);
  const created = await createPrivateFile(next, line.value);
  if (!created.ok) return created;
  const checked = await openSecretKeyFile(next, wanted.use, unwrap);
  if (!checked.ok || !isSame(checked.value.file.key, file.key)) {
    await unlink(next);
    return checked.ok ? err(keyFileFault("Locked", path, "what wraps it gave another key back")) : checked;
  }
  await rename(next, path);
  await syncFolder(dirname(path));
  return ok("wrapped");
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

async function unlinkIfThere(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    const isAbsent = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (!isAbsent) throw error;
  });
}
