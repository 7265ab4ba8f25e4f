/**
 * Puts a new signing key in the place of the one that signs, and keeps that one.
 *
 *   R1. There is a whole signing key under the name at every moment.
 *   R2. The old private key is kept under a name that says so: an older log that was restored trusts no other.
 *   R3. What was cut short is taken up: a second call comes to the same end.
 */
import { link, readdir, rename, unlink } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Random } from "../engine/random.ts";
import type { Result } from "../engine/result.ts";
import type { Hash } from "./blake3.ts";
import type { SigningKey } from "./ed25519_key.ts";
import type { KeyFileFault } from "./key_file_fault.ts";
import { syncFolder } from "./private_file.ts";
import { createSigningKeyAt, loadSigner, signingKeyPath } from "./signing_key_file.ts";

const RETIRED_DIGITS = 8;

/** The key that is to take the place of `name`: one that an earlier call has left, or a new one. */
export async function nextSigningKey(
  hash: Hash,
  random: Random,
  { folder, name }: { readonly folder: string; readonly name: string },
): Promise<Result<SigningKey, KeyFileFault>> {
  const path = nextPath(folder, name);
  const left = await loadSigner(hash, path);
  if (left.ok || (left.error.kind !== "Absent" && left.error.kind !== "Malformed")) return left;
  // A file that was cut short was never trusted by anyone: its key is trusted only once it is durable.
  if (left.error.kind === "Malformed") await unlink(path);
  return await createSigningKeyAt(hash, random, { path, name });
}

/** Takes the next key into the place of `name`, whose key has the id `oldId`. Returns the name that the old key has now. */
export async function replaceSigningKey(folder: string, name: string, oldId: string): Promise<string> {
  const path = signingKeyPath(folder, name);
  const retired = `${name}.retired-${oldId.slice(0, RETIRED_DIGITS)}`;
  await linkOnce(path, signingKeyPath(folder, retired));
  await syncFolder(folder);
  await rename(nextPath(folder, name), path);
  await syncFolder(folder);
  return retired;
}

/** The names of keys that `name` had before, as far as their files are here. */
export async function retiredNames(folder: string, name: string): Promise<readonly string[]> {
  const files = await readdir(folder);
  return files.filter((each) => each.startsWith(`${name}.retired-`) && each.endsWith(".key"))
    .map((each) => basename(each, ".key")).sort();
}

function nextPath(folder: string, name: string): string {
  return join(folder, `${name}.next.key`);
}

async function linkOnce(path: string, other: string): Promise<void> {
  try {
    await link(path, other);
  } catch (error) {
    const isThere = error instanceof Error && "code" in error && error.code === "EEXIST";
    if (!isThere) throw error;
  }
}
