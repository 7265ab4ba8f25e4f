import { resolve } from "node:path";
import type { CheckpointFile } from "../audit/open_checkpoint.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { fileErrorReason } from "./_file_error.ts";
import type { ProjectFailure } from "./failure.ts";

/** More than a note with all the signatures that one may bear. */
const LARGEST_BYTES = 1 << 20;

/** Reads the file of a signed checkpoint, by a name relative to `folder`. What it holds is for others to judge. */
export async function readCheckpointFile(
  folder: string,
  source: string,
): Promise<Result<CheckpointFile, ProjectFailure>> {
  const path = resolve(folder, source);
  const message = (why: string) => `Cannot read the checkpoint "${source}": ${why}`;
  try {
    const { isFile, size } = await Deno.stat(path);
    if (!isFile) return err({ kind: "NotFound", message: message("it is not a file") });
    if (size > LARGEST_BYTES) {
      return err({
        kind: "NotFound",
        message: message(`it has ${size} bytes, the limit is ${LARGEST_BYTES}`),
      });
    }
    return ok({ source, text: await Deno.readTextFile(path) });
  } catch (error) {
    const reason = fileErrorReason(error);
    if (reason === undefined) throw error;
    return err({ kind: "NotFound", message: message(reason) });
  }
}
