import { basename, dirname, join } from "node:path";
import { codeOf } from "./os_failure.ts";
import { sha256 } from "./sha256.ts";

/**
 * Files that are there whole or not at all.
 *
 * The bytes go to a file of a name that only smelt gives, in the same folder, are synced, and come to their place in one
 * step of the file system. What a killed process leaves is such a temporary file, never a half one under the real name.
 */

const LEFTOVER_REGEXP = /^\.smelt-[0-9a-f]{16}-[0-9a-f]{32}\.tmp$/;
/** Codes of file systems that have no hard links. */
const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EXDEV"]);

/** What a file is to hold. */
export interface FileBytes {
  readonly bytes: Uint8Array;
  /** Permission bits, for example 0o644. */
  readonly mode: number;
  /** 32 hex digits that tell this attempt from others. */
  readonly token: string;
}

/**
 * Writes a synced temporary file for `path`, lets `place` bring it to its place, and removes it if it is still there.
 * What earlier attempts left goes first.
 */
export async function withTemporary(
  path: string,
  file: FileBytes,
  place: (temporary: string) => Promise<void>,
): Promise<void> {
  await removeLeftovers(path);
  const temporary = join(dirname(path), `${await leftoverPrefix(path)}${file.token}.tmp`);
  try {
    await writeSynced(temporary, file);
    await place(temporary);
  } finally {
    await removeIfThere(temporary);
  }
}

/** Gives the temporary file the name `path` as well; fails with `EEXIST` when there is something of that name. */
export async function placeNew(temporary: string, path: string): Promise<void> {
  try {
    await Deno.link(temporary, path);
  } catch (error) {
    if (!NO_LINKS.has(codeOf(error) ?? "")) throw error;
    await renameToFree(temporary, path);
  }
}

/** Puts the temporary file in the place of the file at `path`. */
export async function placeOver(temporary: string, path: string): Promise<void> {
  await Deno.rename(temporary, path);
}

/** Makes the names in the folder of `path` durable, where the system can. */
export async function syncFolderOf(path: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  const folder = await Deno.open(dirname(path), { read: true });
  try {
    await folder.sync();
  } finally {
    folder.close();
  }
}

/** Removes temporary files that killed attempts at `path` left. */
export async function removeLeftovers(path: string): Promise<void> {
  const prefix = await leftoverPrefix(path);
  for await (const entry of Deno.readDir(dirname(path))) {
    if (isLeftover(entry.name) && entry.name.startsWith(prefix)) {
      await removeIfThere(join(dirname(path), entry.name));
    }
  }
}

/** Whether a name is one that only killed attempts leave. */
export function isLeftover(name: string): boolean {
  return LEFTOVER_REGEXP.test(name);
}

/** Removes a file; one that is gone is fine. */
export async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}

async function writeSynced(path: string, { bytes, mode }: FileBytes): Promise<void> {
  const handle = await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
  try {
    let rest = bytes;
    while (rest.length > 0) rest = rest.subarray(await handle.write(rest));
    if (Deno.build.os !== "windows") await Deno.chmod(path, mode);
    await handle.sync();
  } finally {
    handle.close();
  }
}

/** Of fixed length, so that a long name fits too. */
async function leftoverPrefix(path: string): Promise<string> {
  return `.smelt-${(await sha256(new TextEncoder().encode(basename(path)))).slice(0, 16)}-`;
}

/** Without links the look and the rename are two steps; only another program could come between. */
async function renameToFree(temporary: string, path: string): Promise<void> {
  try {
    await Deno.lstat(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    await Deno.rename(temporary, path);
    return;
  }
  throw Object.assign(new Error(`Cannot create "${path}": there is one already`), { code: "EEXIST" });
}
