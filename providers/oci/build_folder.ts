import { join } from "node:path";
import { type Random, randomId } from "../../engine/random.ts";
import type { Result } from "../../engine/result.ts";
import { answering, isAbsent } from "./file_answer.ts";
import type { ImageFault } from "./image_fault.ts";
import { removeTree } from "./remove_tree.ts";

const PRIVATE_MODE = 0o700;
const LOCK_MODE = 0o600;
const EXCLUSIVE = true;
const SLOT_REGEXP = /^[1-9][0-9]*$/;
/** What the lock of a slot holds whose name is not used again. */
const RETIRED = new TextEncoder().encode("A build was ended here, and what it ran may still write\n");

/** A folder that one build has to itself. Gone when it is disposed of. */
export interface BuildFolder extends AsyncDisposable {
  readonly path: string;
  /** Lets what it holds stay under another name once it is disposed of; gives that name. */
  keep(): string;
  /** Says that programs may run on in it: no other build gets a folder of its name. */
  abandon(): void;
}

/**
 * Makes an empty folder for one build below `parent`: the first of `parent/1`, `parent/2`, … from `firstSlot` on that no other
 * build has. The names come again, since the paths of a build are among what cargo holds its earlier work against; but never
 * that of a build that was ended, whose compilers may outlive it and write there. Whose a folder is says a file beside `parent`
 * that its process holds locked; the system lets go of that when the process ends, and the next build removes what it left.
 */
export async function makeBuildFolder(
  random: Random,
  parent: string,
  firstSlot = 1,
): Promise<Result<BuildFolder, ImageFault>> {
  return await answering(`Cannot make a folder for the build in "${parent}"`, async () => {
    const locks = `${parent}.locks`;
    for (const each of [parent, locks]) await Deno.mkdir(each, { recursive: true, mode: PRIVATE_MODE });
    await sweep(parent, locks);
    for (let slot = firstSlot;; slot++) {
      const lock = await lockSlot(locks, `${slot}`);
      if (lock === undefined) continue;
      const path = join(parent, `${slot}`);
      if (await isUnused(path, lock)) {
        await Deno.mkdir(path, { mode: PRIVATE_MODE });
        return buildFolder(path, lock, `${path}-kept-${randomId(random)}`);
      }
      lock.close();
    }
  });
}

function buildFolder(path: string, lock: Deno.FsFile, keptPath: string): BuildFolder {
  let end = () => removeTree(path);
  let isAbandoned = false;
  return {
    path,
    keep: () => {
      end = () => Deno.rename(path, keptPath);
      return keptPath;
    },
    abandon: () => void (isAbandoned = true),
    [Symbol.asyncDispose]: async () => {
      if (isAbandoned) await lock.write(RETIRED);
      await end();
      lock.close();
    },
  };
}

/** Takes a slot, whose lock file stays: whoever removed it could remove one that another build has just locked. */
async function lockSlot(locks: string, slot: string): Promise<Deno.FsFile | undefined> {
  const options = { read: true, write: true, create: true, mode: LOCK_MODE };
  const file = await Deno.open(join(locks, slot), options);
  if (await file.tryLock(EXCLUSIVE)) return file;
  file.close();
  return undefined;
}

/** Whether nothing is there and no build was ended there; `lock` is held. */
async function isUnused(path: string, lock: Deno.FsFile): Promise<boolean> {
  return (await lock.stat()).size === 0 && !(await isThere(path));
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

/** Removes the folders of builds that were killed, and what their compilers wrote since. */
async function sweep(parent: string, locks: string): Promise<void> {
  for await (const { name } of Deno.readDir(parent)) {
    if (!SLOT_REGEXP.test(name)) continue;
    using lock = await lockSlot(locks, name);
    const path = join(parent, name);
    // A build that ended well meanwhile has removed its folder before its lock was free.
    if (lock === undefined || !(await isThere(path))) continue;
    // First the mark: whatever ends the sweep, the name is not used again.
    if ((await lock.stat()).size === 0) await lock.write(RETIRED);
    await removeTree(path);
  }
}
