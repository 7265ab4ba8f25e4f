import { resolve } from "node:path";
import type { Result } from "../engine/result.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { replaceFile } from "./replace_file.ts";

/** Writes a text to the file that a command line names, relative to the working folder, as one step. */
export async function writeOutputFile(
  { workingFolder }: ProjectPorts,
  name: string,
  text: string,
): Promise<Result<void, ProjectFailure>> {
  return await replaceFile(resolve(workingFolder, name), text);
}
