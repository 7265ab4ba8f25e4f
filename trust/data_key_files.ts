import { readdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { err, ok, type Result } from "../engine/result.ts";
import type { DataKeySource } from "./data_key_source.ts";
import { createKeyFile } from "./key_file.ts";
import { readSecretKeyFile, refuseWrapped, type Unwrap } from "./secret_key_file.ts";
import { type KeyFileFault, keyFileFault } from "./key_file_fault.ts";

/** How long a data key is, in bytes: AES-256. */
export const DATA_KEY_BYTES = 32;

/** The data keys of an environment as files in `folder`, one a key, named after environment and id. */
export function dataKeyFiles(
  folder: string,
  environment: string,
  unwrap: Unwrap = refuseWrapped,
): DataKeySource {
  const pathOf = (id: string) => join(folder, `${environment}.data-${id}.key`);
  return {
    load: (id) => load({ path: pathOf(id), id, environment }, unwrap),
    keep: (id, bytes) => createKeyFile(pathOf(id), { use: "encrypt", id, name: environment, key: bytes }),
    list: () => list(folder, environment),
    destroy: (id) => destroy(pathOf(id)),
  };
}

async function load(
  wanted: { readonly path: string; readonly id: string; readonly environment: string },
  unwrap: Unwrap,
): Promise<Result<Uint8Array<ArrayBuffer>, KeyFileFault>> {
  const { path, environment } = wanted;
  const read = await readSecretKeyFile(path, "encrypt", unwrap);
  if (!read.ok) return read.error.kind === "Absent" ? err(absent(path, environment)) : read;
  const { id, name, key } = read.value;
  if (id === wanted.id && name === environment && key.length === DATA_KEY_BYTES) return ok(key);
  const why = `it holds the key ${id} of "${name}", wanted ${wanted.id} of "${environment}"`;
  return err(keyFileFault("Malformed", path, why));
}

function absent(path: string, environment: string): KeyFileFault {
  const why = "there is no such file, and without it secrets cannot be opened in environment " +
    `"${environment}"; copy it from a machine that has it`;
  return keyFileFault("Absent", path, why);
}

async function list(folder: string, environment: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isAbsent(error)) return [];
    throw error;
  });
  const before = `${environment}.data-`;
  return names.filter((name) => name.startsWith(before))
    .flatMap((name) => /^([0-9a-f]{32})\.key$/.exec(name.slice(before.length))?.[1] ?? []).sort();
}

async function destroy(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (!isAbsent(error)) throw error;
  });
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
