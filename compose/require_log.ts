import { join } from "node:path";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "../project/failure.ts";
import type { ProjectPaths } from "../project/project_paths.ts";
import type { LoggedEnvironment } from "../project/project_ports.ts";
import type { LogParts } from "./log_parts.ts";
import { readUserPin } from "./user_pin.ts";

/**
 * Tells a log that was never on this machine, as in a fresh clone of the project, from one that has vanished: this user has
 * seen the latter, and its absence is damage, which verifying it finds. Also fails where the user's pins cannot be read.
 */
export async function requireLog(
  parts: LogParts,
  paths: ProjectPaths,
  { name, firstRecord }: LoggedEnvironment,
): Promise<Result<void, ProjectFailure>> {
  const seen = parts.pinned === undefined ? ok(undefined) : await readUserPin(parts.pinned, firstRecord);
  if (!seen.ok) return seen;
  const path = join(paths.logFolder, `${name}.log`);
  if (seen.value !== undefined || await exists(path)) return ok(undefined);
  return err({
    kind: "NoLog",
    message: `The log of "${name}" is not on this machine: there is no "${path}"`,
    details: ["smelt.toml names its first record, so it lies where the environment was initialised"],
    hint: "Work there, or restore .smelt from there or from a backup: a log in files is for one machine",
  });
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
