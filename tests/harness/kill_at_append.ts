/**
 * Preloaded into the program by tests that kill it: ends the process by SIGKILL at one append to a log, which
 * `SMELT_TEST_KILL` names as `<n> <moment>`, the first append of the process being 1. The program itself knows nothing of it.
 */

/** Where in an append the process dies, in the order of what is there then. */
export const KILL_MOMENTS = [
  "before", // nothing of the record is written
  "torn", // a part of the record is written
  "unsynced", // all of it is written, and not synced
  "synced", // it is durable, and nobody has been told
] as const;

export type KillMoment = typeof KILL_MOMENTS[number];

/** The value of `SMELT_TEST_KILL`. */
export function killAt(append: number, moment: KillMoment): string {
  return `${append} ${moment}`;
}

/** Replaces how the runtime opens, writes and syncs files, for files that are logs; waited for or not. */
function armKill(append: number, moment: string): void {
  const logs = new WeakSet<Deno.FsFile>();
  const { open, openSync } = Deno;
  const { write, writeSync, syncData } = Deno.FsFile.prototype;
  let appendCount = 0;

  const note = (path: unknown, file: Deno.FsFile): Deno.FsFile => {
    if (/\/\.smelt\/log\/[^/]+\.log$/.test(String(path))) logs.add(file);
    return file;
  };
  Object.assign(Deno, {
    open: async (...args: Parameters<typeof open>) => note(args[0], await open(...args)),
    openSync: (...args: Parameters<typeof openSync>) => note(args[0], openSync(...args)),
  });

  /** Dies before the fatal append, or in the middle of it. */
  const meetWrite = (file: Deno.FsFile, bytes: Uint8Array): void => {
    if (!logs.has(file) || ++appendCount !== append) return;
    if (moment === "torn") writeSync.call(file, bytes.subarray(0, Math.ceil(bytes.length / 2)));
    if (moment === "before" || moment === "torn") die();
  };
  Deno.FsFile.prototype.write = async function (bytes) {
    meetWrite(this, bytes);
    return await write.call(this, bytes);
  };
  Deno.FsFile.prototype.writeSync = function (bytes) {
    meetWrite(this, bytes);
    return writeSync.call(this, bytes);
  };
  Deno.FsFile.prototype.syncData = async function () {
    const isFatal = logs.has(this) && appendCount === append;
    if (isFatal && moment === "unsynced") die();
    await syncData.call(this);
    if (isFatal) die();
  };
}

/** Nothing that comes after the signal is done, however long it takes to arrive. */
function die(): never {
  Deno.kill(Deno.pid, "SIGKILL");
  for (;;);
}

const wanted = Deno.env.get("SMELT_TEST_KILL")?.match(/^([1-9][0-9]*) (before|torn|unsynced|synced)$/);
if (wanted !== undefined && wanted !== null) armKill(Number(wanted[1]), wanted[2] ?? "");
