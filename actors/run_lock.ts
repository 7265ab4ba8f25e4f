import { join } from "node:path";
import { invariant } from "../engine/invariant.ts";
import type { HeldRunLock, RunLocks } from "./run_world.ts";

const EXCLUSIVE = true;
/** Those who only look do not take each other for holders. */
const SHARED = false;

/** Locks of runs as files `<run>.lock` in `folder`, held by the operating system for the process that took them. */
export function fileRunLocks(folder: string): RunLocks {
  const pathOf = (run: string) => join(folder, `${run}.lock`);
  return {
    take: (run) => take(folder, pathOf(run)),
    look: (run) => look(pathOf(run)),
    forget: (run) => remove(pathOf(run)),
  };
}

async function take(folder: string, path: string): Promise<HeldRunLock> {
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  const file = await Deno.open(path, { createNew: true, write: true, mode: 0o600 });
  try {
    invariant(await file.tryLock(EXCLUSIVE), "Nobody else locks the file of a run that has just been named");
  } catch (error) {
    file.close();
    throw error;
  }
  return {
    async release(mark) {
      using _ = file;
      if (mark === "clear") await remove(path);
    },
  };
}

async function look(path: string): Promise<"held" | "free" | "unknown"> {
  try {
    // Opening a pipe would wait for somebody to write into it.
    if (!(await Deno.lstat(path)).isFile) {
      throw new Error(`Cannot look at the lock of a run: what stands at "${path}" is not a file`);
    }
    using file = await Deno.open(path, { read: true });
    return await file.tryLock(SHARED) ? "free" : "held";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "unknown";
    throw error;
  }
}

async function remove(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
