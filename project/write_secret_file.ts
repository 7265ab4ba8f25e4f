import { resolve } from "node:path";
import { err, ok, type Result } from "../engine/result.ts";
import { fileErrorReason } from "./_file_error.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";

const FILE_MODE = 0o600;

/** Writes secrets to a new file that only its owner can use; nothing that is there is replaced or followed. */
export async function writeSecretFile(
  { workingFolder }: Pick<ProjectPorts, "workingFolder">,
  name: string,
  text: string,
): Promise<Result<void, ProjectFailure>> {
  try {
    await Deno.writeTextFile(resolve(workingFolder, name), text, { createNew: true, mode: FILE_MODE });
    return ok(undefined);
  } catch (error) {
    const reason = error instanceof Deno.errors.AlreadyExists
      ? "there is a file already"
      : fileErrorReason(error);
    if (reason === undefined) throw error;
    return err({ kind: "Store", message: `Cannot write "${name}": ${reason}` });
  }
}
