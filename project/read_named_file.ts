import { resolve } from "node:path";
import { err, ok, type Result } from "../engine/result.ts";
import { fileErrorReason } from "./_file_error.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";

const LARGEST_BYTES = 64 << 20;

/** Reads a text file that a command line names, relative to the working folder; 64 MiB at most. */
export async function readNamedFile(
  { workingFolder }: ProjectPorts,
  name: string,
): Promise<Result<string, ProjectFailure>> {
  const path = resolve(workingFolder, name);
  try {
    const { size } = await Deno.stat(path);
    if (size <= LARGEST_BYTES) return ok(await Deno.readTextFile(path));
    return err({
      kind: "Store",
      message: `Cannot read "${name}": it is larger than ${LARGEST_BYTES >> 20} MiB`,
    });
  } catch (error) {
    const reason = fileErrorReason(error);
    if (reason === undefined) throw error;
    return err({ kind: "Store", message: `Cannot read "${name}": ${reason}` });
  }
}
