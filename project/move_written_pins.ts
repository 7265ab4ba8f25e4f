import type { Result } from "../engine/result.ts";
import type { Head } from "../store/journal_port.ts";
import type { ProjectFailure } from "./failure.ts";
import type { LostPin } from "./project_ports.ts";
import type { ReadEnvironment } from "./read_environment.ts";
import { replaceFile } from "./replace_file.ts";
import { cutEnvironmentValue } from "./smelt_toml_cut.ts";
import { setPin } from "./smelt_toml_edit.ts";

/**
 * Writes the record `head` into `smelt.toml` in the place of what names a lost one: its pin, or the checkpoint, which somebody has
 * to sign anew. All who have the file see it, and refuse the log until they have it.
 */
export async function moveWrittenPins(
  { name, workspace, chosen }: Pick<ReadEnvironment, "name" | "workspace" | "chosen">,
  lost: readonly LostPin[],
  { seq, hash }: Head,
): Promise<Result<void, ProjectFailure>> {
  const pinned = setPin(workspace.configText, name, { seq, hash });
  const text = isCheckpointLost(lost, chosen.checkpoint?.file)
    ? cutEnvironmentValue(pinned, name, "checkpoint")
    : pinned;
  return await replaceFile(workspace.paths.configFile, text);
}

/** Whether the checkpoint in `file`, which `smelt.toml` names, is of a lost record. */
export function isCheckpointLost(lost: readonly LostPin[], file: string | undefined): boolean {
  return file !== undefined && lost.some(({ isWritten, source }) => isWritten && source === `"${file}"`);
}
