import { err, ok, type Result } from "../../engine/result.ts";
import type { ImageFault } from "./image_fault.ts";

const ANSWERS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  ENOTDIR: "a folder above it is a file",
  EISDIR: "it is a folder",
  EACCES: "the system does not allow it",
  EPERM: "the system does not allow it",
  EROFS: "the file system takes no changes",
  ENOSPC: "the disk is full",
  ELOOP: "the links above it go round in a circle",
};

/** Runs operations of the file system; `action` begins the message of what it refuses. Anything else is a bug and goes on upwards. */
export async function answering<T>(
  action: string,
  operation: () => Promise<T>,
): Promise<Result<T, ImageFault>> {
  try {
    return ok(await operation());
  } catch (error) {
    const why = answerOf(error);
    if (why === undefined) throw error;
    return err({ kind: "store", message: `${action}: ${why}` });
  }
}

/** Whether there is definitely no such file. */
export function isAbsent(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}

function answerOf(error: unknown): string | undefined {
  if (error instanceof Deno.errors.NotCapable) return error.message;
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? ANSWERS[code] ?? `the system answered ${code}` : undefined;
}

/** What lies at a path, links not followed; `undefined` where nothing does. */
export async function statIfThere(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.lstat(path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
