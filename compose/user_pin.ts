import { dirname } from "node:path";
import { IntegrityError } from "../engine/integrity_error.ts";
import { InvariantError } from "../engine/invariant.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "../project/failure.ts";
import type { Notice } from "../project/notice.ts";
import type { PinFile, StoredPin } from "../store/pin_file.ts";
import type { PinnedStore } from "../store/pinned_log.ts";

/**
 * Pins record 1 for this user, where nothing further is pinned. Run before anything is changed: where the pins cannot be
 * written, the end of a command would fail after all its work was done.
 */
export async function requirePinnable(
  { pinFile }: Pick<PinnedStore, "pinFile">,
  firstRecord: string,
): Promise<Result<void, ProjectFailure>> {
  try {
    await pinFile.advance(firstRecord, { seq: 1, hash: firstRecord, checkpoint: undefined });
    return ok(undefined);
  } catch (error) {
    if (!isBroken(error)) throw error;
    return err(pinFailure(pinFile, "write", error));
  }
}

/** What this user has pinned of the log that begins with `firstRecord`, or why that cannot be read. */
export async function readUserPin(
  { pinFile }: Pick<PinnedStore, "pinFile">,
  firstRecord: string,
): Promise<Result<StoredPin | undefined, ProjectFailure>> {
  try {
    return ok(await pinFile.read(firstRecord));
  } catch (error) {
    if (!isBroken(error)) throw error;
    return err(pinFailure(pinFile, "read", error));
  }
}

/** Does `move`; where it fails for want of a working file system, says so instead of hiding what came before. */
export async function movePin(
  { pinFile }: Pick<PinnedStore, "pinFile">,
  move: () => Promise<void>,
): Promise<Notice | undefined> {
  try {
    await move();
    return undefined;
  } catch (error) {
    if (!isBroken(error)) throw error;
    return {
      kind: "PinNotMoved",
      message: `this user's pin in "${pinFile.path}" was not moved: ${error.message}`,
      hint: "The work itself is done and in the log; the next command moves the pin",
    };
  }
}

/** Damage and bugs are not excused. */
function isBroken(error: unknown): error is Error {
  return error instanceof Error && !(error instanceof IntegrityError) && !(error instanceof InvariantError);
}

function pinFailure({ path }: PinFile, verb: "read" | "write", error: Error): ProjectFailure {
  const isRuntime = error instanceof Deno.errors.NotCapable;
  return {
    kind: isRuntime ? "Permission" : "Store",
    message: `Cannot ${verb} this user's pins, "${path}": ${error.message}`,
    details: ["Nothing was changed: without the pin a log that was set back could not be seen"],
    hint: hintFor(dirname(path), isRuntime),
  };
}

function hintFor(folder: string, isRuntime: boolean): string {
  return isRuntime
    ? `Run: mkdir -p ${folder}; then start the runtime with -R=${folder} -W=${folder}, as the launcher does`
    : "SMELT_STATE_HOME names another folder for them";
}
