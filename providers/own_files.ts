import { isAbsolute, join, relative, sep } from "node:path";
import { isInOwnFolder, OWN_FOLDER } from "../engine/own_folder.ts";

/**
 * Whether a path is smelt's own, though it need not exist yet: by the names in it, in whatever project; because it lies where
 * `.smelt` of the project at `root` leads to, which may be a link; or because the file is a key there by another name.
 * Links are resolved in both, in `path` as far as it exists.
 */
export async function isOwnFile(root: string, path: string): Promise<boolean> {
  const way = relative(root, path);
  if (way === "") return false;
  // A project may itself lie below a folder of that name.
  if (isInOwnFolder(isWayBelow(way) ? way : path)) return true;
  const folder = await orMissing(Deno.realPath(join(root, OWN_FOLDER)));
  if (folder === undefined) return false;
  return path === folder || path.startsWith(`${folder}${sep}`) || await isKey(join(folder, "keys"), path);
}

/** Whether the way from a folder to a file stays below that folder. */
export function isWayBelow(way: string): boolean {
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Whether the file is one of those in `folder`, which a hard link has given a second name. */
async function isKey(folder: string, path: string): Promise<boolean> {
  const file = await orMissing(Deno.lstat(path));
  if (file === undefined || !file.isFile || file.nlink === 1) return false;
  for (const name of await orMissing(namesIn(folder)) ?? []) {
    const key = await orMissing(Deno.lstat(join(folder, name)));
    if (key?.dev === file.dev && key.ino === file.ino) return true;
  }
  return false;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
}

/** `undefined` only when there is definitely no such file. */
async function orMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return undefined;
    throw error;
  }
}
