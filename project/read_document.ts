import { err, ok, type Result } from "../engine/result.ts";
import { fileErrorReason } from "./_file_error.ts";
import type { ProjectFailure } from "./failure.ts";
import { inFolder } from "./saved_plan_file.ts";

/** A document of a key is a few hundred bytes. */
export const LARGEST_DOCUMENT_BYTES = 1 << 16;

/** Reads a small text file at `path`, which is relative to `folder`. */
export async function readDocumentText(
  folder: string,
  path: string,
): Promise<Result<string, ProjectFailure>> {
  try {
    const full = inFolder(folder, path);
    const { size, isFile } = await Deno.stat(full);
    if (!isFile) return err(unreadable(path, "it is not a file"));
    if (size > LARGEST_DOCUMENT_BYTES) {
      return err(unreadable(path, `it has ${size} bytes, the limit is ${LARGEST_DOCUMENT_BYTES}`));
    }
    return ok(await Deno.readTextFile(full));
  } catch (error) {
    const reason = fileErrorReason(error);
    if (reason === undefined) throw error;
    return err(unreadable(path, reason));
  }
}

function unreadable(path: string, reason: string): ProjectFailure {
  return { kind: "Store", message: `Cannot read "${path}": ${reason}` };
}
