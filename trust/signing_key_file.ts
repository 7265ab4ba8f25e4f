import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { invariant } from "../engine/invariant.ts";
import { isKeyName, isSecretKeyName } from "../engine/key_name.ts";
import type { Random } from "../engine/random.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { Hash } from "./blake3.ts";
import { importEd25519, makeEd25519, type SigningKey } from "./ed25519_key.ts";
import { createKeyFile, readKeyFile } from "./key_file.ts";
import { type KeyFileFault, keyFileFault } from "./key_file_fault.ts";

const KEY_ENDING = ".key";
/** Where the signing key `name` lies. */
export function signingKeyPath(folder: string, name: string): string {
  invariant(isKeyName(name), `"${name}" is not the name of a key`);
  return join(folder, `${name}${KEY_ENDING}`);
}

/** The names of the files of signing keys in a folder, in order; none where there is no folder. */
export async function signingKeyNames(folder: string): Promise<readonly string[]> {
  const files = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  });
  return files.filter((each) => each.endsWith(KEY_ENDING)).map((each) => each.slice(0, -KEY_ENDING.length))
    .filter((each) => isKeyName(each) && !isSecretKeyName(each)).sort();
}

/** Makes a signing key and its file `<name>.key`, and takes it into use. */
export async function createSigningKey(
  hash: Hash,
  random: Random,
  { folder, name }: { readonly folder: string; readonly name: string },
): Promise<Result<SigningKey, KeyFileFault>> {
  return await createSigningKeyAt(hash, random, { path: signingKeyPath(folder, name), name });
}

/** The same in a file of another name. */
export async function createSigningKeyAt(
  hash: Hash,
  random: Random,
  { path, name }: { readonly path: string; readonly name: string },
): Promise<Result<SigningKey, KeyFileFault>> {
  const pkcs8 = makeEd25519(random);
  const key = await importEd25519(hash, name, pkcs8);
  invariant(key !== undefined, "A new key can be imported");
  const created = await createKeyFile(path, { use: "sign", id: key.signer.keyId, name, key: pkcs8 });
  return created.ok ? ok(key) : created;
}

/** Reads a signing key from its file and takes it into use. */
export async function loadSigner(hash: Hash, path: string): Promise<Result<SigningKey, KeyFileFault>> {
  const file = await readKeyFile(path, "sign");
  if (!file.ok) return file;
  const key = await importEd25519(hash, file.value.name, file.value.key);
  if (key === undefined) return err(keyFileFault("Malformed", path, "its key is not one of Ed25519"));
  if (key.signer.keyId !== file.value.id) {
    const why = `its key has the id ${key.signer.keyId}, and the file says ${file.value.id}`;
    return err(keyFileFault("Malformed", path, why));
  }
  return ok(key);
}
