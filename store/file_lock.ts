import type { Clock } from "../engine/clock.ts";
import { tryLockQuickly } from "./quick_file.ts";
import { isRegularFile } from "./regular_file.ts";
import { writeAll } from "./write_all.ts";

/** An append takes milliseconds; who waits longer waits for a process that hangs. */
const WAIT_LIMIT_MS = 10_000;
const LONGEST_PAUSE_MS = 50;
const EXCLUSIVE = true;

/** How the lock of a file is waited for. */
export interface LockWait {
  readonly clock: Clock;
  /** Who this process is, for those who wait for it, for example `process 4711 on laptop`. */
  readonly holder: string;
}

/**
 * Takes the operating system's lock of `file`, which goes with the file handle or the process, whichever ends first.
 * Rejects after some seconds, naming who holds it as `holderPath` says.
 */
export async function takeLock(file: Deno.FsFile, path: string, wait: LockWait): Promise<void> {
  if (tryLockQuickly(file)) return;
  const { clock } = wait;
  const startMs = clock.monotonicMs();
  for (let pauseMs = 1; !(await file.tryLock(EXCLUSIVE)); pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const waitedMs = clock.monotonicMs() - startMs;
    if (waitedMs >= WAIT_LIMIT_MS) throw await lockHeld(path, waitedMs);
    await clock.sleep(pauseMs);
  }
}

/**
 * Notes beside the file who holds its lock. For people only: the lock alone decides. The note is made anew each time, so that
 * nothing is written through a link which somebody put in its place.
 */
export async function noteHolder(path: string, wait: LockWait): Promise<void> {
  const notePath = holderPath(path);
  await removeIfThere(notePath);
  using note = await Deno.open(notePath, { write: true, createNew: true });
  await writeAll(note, new TextEncoder().encode(wait.holder));
}

async function lockHeld(path: string, waitedMs: number): Promise<Error> {
  const holder = await readHolder(path);
  return new Error(`Cannot lock "${path}": ${holder} has held it for ${Math.round(waitedMs / 1_000)} s`);
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function readHolder(path: string): Promise<string> {
  if (!(await isRegularFile(holderPath(path)))) return "another process";
  try {
    const holder = await Deno.readTextFile(holderPath(path));
    return holder === "" ? "another process" : holder;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "another process";
    throw error;
  }
}

function holderPath(path: string): string {
  return `${path}.holder`;
}
