import { dirname, relative } from "node:path";
import { syncFolder } from "./sync_folder.ts";

const FOLDER_MODE = 0o700;

/** Makes `folder` and what lacks between it and `root`, `root` included, for its owner alone; durable once it resolves. */
export async function makePrivateFolder(root: string, folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  const parent = dirname(folder);
  if (relative(root, folder) === "") await Deno.mkdir(parent, { recursive: true });
  else await makePrivateFolder(root, parent);
  await makeOne(folder);
  await syncFolder(parent);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function makeOne(folder: string): Promise<void> {
  try {
    await Deno.mkdir(folder, { mode: FOLDER_MODE });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}
