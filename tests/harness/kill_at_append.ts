/**
 * Preloaded into the program by tests that kill it: ends the process by SIGKILL at one append to a log, which
 * `SMELT_TEST_KILL` names as `<n> <moment>`, the first append of the process being 1. The program itself knows nothing of it.
 */

/** Where in an append the process dies. */
export type KillMoment =
  /** Nothing of the record is written. */
  | "before"
  /** A part of the record is written. */
  | "torn"
  /** All of it is written, and not synced. */
  | "unsynced"
  /** It is durable, and nobody has been told. */
  | "synced";

/** The value of `SMELT_TEST_KILL`. */
export function killAt(append: number, moment: KillMoment): string {
  return `${append} ${moment}`;
}

/** Replaces how the runtime opens, writes and syncs files, for files that are logs. */
function armKill(append: number, moment: string): void {
  const logs = new WeakSet<Deno.FsFile>();
  const { open } = Deno;
  const { write, syncData } = Deno.FsFile.prototype;
  let appendCount = 0;

  const openNoting = async (...args: Parameters<typeof open>): Promise<Deno.FsFile> => {
    const file = await open(...args);
    if (/\/\.smelt\/log\/[^/]+\.log$/.test(String(args[0]))) logs.add(file);
    return file;
  };
  Object.assign(Deno, { open: openNoting });

  Deno.FsFile.prototype.write = async function (bytes) {
    if (!logs.has(this) || ++appendCount !== append) return await write.call(this, bytes);
    if (moment === "before") return await die();
    if (moment === "torn") {
      await write.call(this, bytes.subarray(0, Math.ceil(bytes.length / 2)));
      return await die();
    }
    return await write.call(this, bytes);
  };

  Deno.FsFile.prototype.syncData = async function () {
    if (!logs.has(this) || appendCount !== append) return await syncData.call(this);
    if (moment === "synced") await syncData.call(this);
    return await die();
  };
}

function die(): Promise<never> {
  Deno.kill(Deno.pid, "SIGKILL");
  return new Promise<never>(() => {});
}

const wanted = Deno.env.get("SMELT_TEST_KILL")?.match(/^([1-9][0-9]*) (before|torn|unsynced|synced)$/);
if (wanted !== undefined && wanted !== null) armKill(Number(wanted[1]), wanted[2] ?? "");
