import { dirname, join } from "node:path";
import type { Clock } from "../engine/clock.ts";
import { fileErrorReason } from "./_file_error.ts";
import { isUnfinished } from "./replace_file.ts";
import type { SecretStore } from "./secret_store.ts";
import { discoverFiles, realRoot } from "./source_files_find.ts";
import type { Workspace } from "./workspace.ts";

/** No process takes as long to write a file: what is older was left by one that died. */
const AGE_MS = 60 * 60 * 1000;

/** Removes what processes that died have written aside: beside the project's files, and among the blobs. */
export async function removeUnfinished(
  { paths }: Workspace,
  secretStore: Pick<SecretStore, "removeUnfinished">,
  clock: Pick<Clock, "wallMs">,
): Promise<void> {
  const beforeMs = clock.wallMs() - AGE_MS;
  await secretStore.removeUnfinished(beforeMs);
  const root = await realRoot(paths.root);
  const { files } = await discoverFiles(root);
  for (const folder of new Set([root, ...files.map(({ realPath }) => dirname(realPath))])) {
    await removeIn(folder, beforeMs);
  }
}

/** What cannot be removed stays for the next time: nothing rests on it. */
async function removeIn(folder: string, beforeMs: number): Promise<void> {
  try {
    for await (const { name, isFile } of Deno.readDir(folder)) {
      if (!isFile || !isUnfinished(name)) continue;
      const { mtime } = await Deno.stat(join(folder, name));
      if ((mtime?.getTime() ?? Infinity) < beforeMs) await Deno.remove(join(folder, name));
    }
  } catch (error) {
    if (fileErrorReason(error) === undefined) throw error;
  }
}
