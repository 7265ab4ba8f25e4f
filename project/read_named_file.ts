import { resolve } from "node:path";
import { err, ok, type Result } from "../engine/result.ts";
import { fileErrorReason } from "./_file_error.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";

/** Reads a text file that a command line names, relative to the working folder: a regular file of so many bytes at most. */
export async function readNamedFile(
  { workingFolder }: Pick<ProjectPorts, "workingFolder">,
  name: string,
  limitBytes: number,
): Promise<Result<string, ProjectFailure>> {
  const unreadable = (reason: string) =>
    err({ kind: "Store", message: `Cannot read "${name}": ${reason}` } as const);
  try {
    const path = resolve(workingFolder, name);
    const { isDirectory, isFile, size } = await Deno.stat(path);
    // Opening a pipe would wait for somebody to write into it.
    if (!isFile) return unreadable(isDirectory ? "it is a folder" : "it is no regular file");
    if (size > limitBytes) return unreadable(`it has ${size} bytes, and at most ${limitBytes} are read`);
    return ok(await Deno.readTextFile(path));
  } catch (error) {
    const reason = fileErrorReason(error);
    if (reason === undefined) throw error;
    return unreadable(reason);
  }
}
