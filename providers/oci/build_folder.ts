import { join } from "node:path";
import { type Random, randomId } from "../../engine/random.ts";
import type { Result } from "../../engine/result.ts";
import { answering, isAbsent } from "./file_answer.ts";
import type { ImageFault } from "./image_fault.ts";

const PRIVATE_MODE = 0o700;
const EXCLUSIVE = true;
const LOCK_SUFFIX = ".lock";

/** A folder that one build has to itself. Gone when it is disposed of. */
export interface BuildFolder extends AsyncDisposable {
  readonly path: string;
}

/**
 * Makes a folder for one build below `parent`, and removes those whose builds were killed: each has a file beside it that its
 * process holds locked, and the system lets go of that when the process ends.
 */
export async function makeBuildFolder(
  random: Random,
  parent: string,
): Promise<Result<BuildFolder, ImageFault>> {
  return await answering(`Cannot make a folder for the build in "${parent}"`, async () => {
    await Deno.mkdir(parent, { recursive: true, mode: PRIVATE_MODE });
    await sweep(parent);
    const path = join(parent, `build-${randomId(random)}`);
    const lock = await Deno.open(`${path}${LOCK_SUFFIX}`, { write: true, createNew: true });
    await lock.lock(EXCLUSIVE);
    await Deno.mkdir(path, { mode: PRIVATE_MODE });
    return {
      path,
      [Symbol.asyncDispose]: async () => {
        await removeIfThere(path);
        lock.close();
        await removeIfThere(`${path}${LOCK_SUFFIX}`);
      },
    };
  });
}

async function sweep(parent: string): Promise<void> {
  for await (const { name } of Deno.readDir(parent)) {
    if (!name.endsWith(LOCK_SUFFIX)) continue;
    const path = join(parent, name);
    if (!(await isFree(path))) continue;
    await removeIfThere(path.slice(0, -LOCK_SUFFIX.length));
    await removeIfThere(path);
  }
}

async function isFree(path: string): Promise<boolean> {
  try {
    using file = await Deno.open(path, { write: true });
    return await file.tryLock(EXCLUSIVE);
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}
