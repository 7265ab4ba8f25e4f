import { join } from "node:path";
import { invariant } from "../engine/invariant.ts";
import type { Random } from "../engine/random.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { Hash } from "./blake3.ts";
import { importEd25519, makeEd25519, type SigningKey } from "./ed25519_key.ts";
import { createKeyFile, readKeyFile } from "./key_file.ts";
import { type KeyFileFault, keyFileFault } from "./key_file_fault.ts";

const NAME_REGEXP = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Whether `name` can name a signing key and its file: letters, digits, `.`, `_` and `-`, 64 at most. */
export function isKeyName(name: string): boolean {
  return NAME_REGEXP.test(name);
}

/** Where the signing key `name` lies. */
export function signingKeyPath(folder: string, name: string): string {
  invariant(isKeyName(name), `"${name}" is not the name of a key`);
  return join(folder, `${name}.key`);
}

/** Makes a signing key and its file `<name>.key`, and takes it into use. */
export async function createSigningKey(
  hash: Hash,
  random: Random,
  place: { readonly folder: string; readonly name: string },
): Promise<Result<SigningKey, KeyFileFault>> {
  const pkcs8 = makeEd25519(random);
  const key = await importEd25519(hash, place.name, pkcs8);
  invariant(key !== undefined, "A new key can be imported");
  const file = { use: "sign", id: key.signer.keyId, name: place.name, key: pkcs8 } as const;
  const created = await createKeyFile(signingKeyPath(place.folder, place.name), file);
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
