import { basename, join } from "node:path";
import { type Random, randomId } from "../../engine/random.ts";
import type { Result } from "../../engine/result.ts";
import { answering } from "./file_answer.ts";
import type { ImageFault } from "./image_fault.ts";
import { removeTree } from "./remove_tree.ts";

const PRIVATE_MODE = 0o700;
const LOCK_MODE = 0o600;
const EXCLUSIVE = true;
const SLOT_REGEXP = /^[1-9][0-9]*$/;

/** A folder that one build has to itself. Gone when it is disposed of, or kept under another name. */
export interface BuildFolder extends AsyncDisposable {
  readonly path: string;
  /** Where what it holds stays once it is disposed of. */
  keep(): string;
}

/**
 * Makes an empty folder for one build below `parent`: the first of `parent/1`, `parent/2`, … from `firstSlot` on that no other
 * build has. The names come again, since the paths of a build are among what cargo holds its earlier work against. Whose a
 * folder is says a file beside `parent` that its process holds locked; the system lets go of that when the process ends, and
 * the next build removes what it left.
 */
export async function makeBuildFolder(
  random: Random,
  parent: string,
  firstSlot = 1,
): Promise<Result<BuildFolder, ImageFault>> {
  return await answering(`Cannot make a folder for the build in "${parent}"`, async () => {
    const locks = `${parent}.locks`;
    for (const each of [parent, locks]) await Deno.mkdir(each, { recursive: true, mode: PRIVATE_MODE });
    for (let slot = firstSlot;; slot++) {
      const lock = await lockSlot(locks, `${slot}`);
      if (lock === undefined) continue;
      await sweep(parent, locks);
      const path = join(parent, `${slot}`);
      await removeTree(path);
      await Deno.mkdir(path, { mode: PRIVATE_MODE });
      return buildFolder(path, lock, `${path}-kept-${randomId(random)}`);
    }
  });
}

function buildFolder(path: string, lock: Deno.FsFile, keptPath: string): BuildFolder {
  let end = () => removeTree(path);
  return {
    path,
    keep: () => {
      end = () => Deno.rename(path, keptPath);
      return keptPath;
    },
    [Symbol.asyncDispose]: async () => {
      await end();
      lock.close();
    },
  };
}

/** Takes a slot, whose lock file stays: whoever removed it could remove one that another build has just locked. */
async function lockSlot(locks: string, slot: string): Promise<Deno.FsFile | undefined> {
  const file = await Deno.open(join(locks, slot), { write: true, create: true, mode: LOCK_MODE });
  if (await file.tryLock(EXCLUSIVE)) return file;
  file.close();
  return undefined;
}

/** Removes the folders of builds that were killed. */
async function sweep(parent: string, locks: string): Promise<void> {
  for await (const { name } of Deno.readDir(parent)) {
    if (!SLOT_REGEXP.test(basename(name))) continue;
    using lock = await lockSlot(locks, name);
    if (lock !== undefined) await removeTree(join(parent, name));
  }
}
