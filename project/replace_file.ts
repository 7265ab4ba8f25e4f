import { dirname, join } from "node:path";
import { err, ok, type Result } from "../engine/result.ts";
import { fileErrorReason } from "./_file_error.ts";
import type { ProjectFailure } from "./failure.ts";

const UNFINISHED_REGEXP = /^\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.smelt-tmp$/;

/** Whether a file has the name of one that `replaceFile` writes, before it gets its own. */
export function isUnfinished(name: string): boolean {
  return UNFINISHED_REGEXP.test(name);
}

/**
 * Replaces a file as one step: readers see the old content or the new one, which is durable once this resolves. Keeps the file's mode, unless the caller says
 * which it is to have.
 */
export async function replaceFile(
  path: string,
  content: string | Uint8Array,
  options: { readonly mode?: number } = {},
): Promise<Result<void, ProjectFailure>> {
  const temporary = join(dirname(path), `.${crypto.randomUUID()}.smelt-tmp`);
  try {
    const mode = options.mode ?? await modeOf(path);
    const file = await Deno.open(temporary, {
      write: true,
      createNew: true,
      ...(mode === undefined ? {} : { mode }),
    });
    try {
      await writeAll(file, typeof content === "string" ? new TextEncoder().encode(content) : content);
      await file.sync();
    } finally {
      file.close();
    }
    await Deno.rename(temporary, path);
    await syncFolder(dirname(path));
    return ok(undefined);
  } catch (error) {
    await removeIfThere(temporary);
    const reason = fileErrorReason(error);
    if (reason === undefined) throw error;
    return err({ kind: "Store", message: `Cannot write "${path}": ${reason}` });
  }
}

async function syncFolder(folder: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using opened = await Deno.open(folder);
  await opened.sync();
}

async function modeOf(path: string): Promise<number | undefined> {
  try {
    return (await Deno.stat(path)).mode ?? undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (fileErrorReason(error) === undefined) throw error;
  }
}
