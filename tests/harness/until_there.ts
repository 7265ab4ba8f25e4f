import type { RunningSmelt } from "./smelt_process.ts";
import type { TestProject } from "./test_project.ts";

/** Waits until `isThere`, which is asked whenever a file of the project changes. Rejects when the program ends before. */
export async function untilThere(
  project: TestProject,
  running: RunningSmelt,
  isThere: () => Promise<boolean>,
): Promise<void> {
  using watcher = Deno.watchFs(project.root);
  const seen = async (): Promise<boolean> => {
    if (await isThere()) return true;
    for await (const _ of watcher) if (await isThere()) return true;
    return false;
  };
  const ended = running.ended().then(async (ran) => {
    if (!await isThere()) throw new Error(`The program ended too early: ${ran.stdout}${ran.stderr}`);
  });
  await Promise.race([seen(), ended]);
}
