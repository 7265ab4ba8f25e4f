/**
 * Preloaded into the program by tests that kill it: ends the process by SIGKILL right before it gives a file that it has written
 * aside its name, where its path matches the expression in `SMELT_TEST_KILL_AT_FILE`. The program itself knows nothing of it.
 */
import { fileURLToPath } from "node:url";

/** The flag of the runtime with which the program can be killed so. */
export const PRELOAD_KILL_AT_FILE = `--preload=${fileURLToPath(import.meta.url)}`;

function armKill(fatal: RegExp): void {
  const { link, rename } = Deno;
  const meet = (path: string | URL): void => {
    if (!fatal.test(String(path))) return;
    Deno.kill(Deno.pid, "SIGKILL");
    for (;;);
  };
  Object.assign(Deno, {
    link: async (from: string, to: string) => {
      meet(to);
      await link(from, to);
    },
    rename: async (from: string | URL, to: string | URL) => {
      meet(to);
      await rename(from, to);
    },
  });
}

const wanted = Deno.env.get("SMELT_TEST_KILL_AT_FILE");
if (wanted !== undefined) armKill(new RegExp(wanted));
