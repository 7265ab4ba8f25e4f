import { dirname, join } from "node:path";
import { err, ok, type Result } from "../../engine/result.ts";
import { LOCK_LIMIT_BYTES, type LockedPackage, parseCargoLock } from "../../image/cargo_lock.ts";
import { answering, isAbsent } from "./file_answer.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";

/** The file in which cargo writes down which version of what a program is made of. */
export const CARGO_LOCK = "Cargo.lock";

/** A lock file as it was read. */
export interface CargoLock {
  /** Absolute. */
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly packages: readonly LockedPackage[];
}

/** Reads the lock file of a folder, which a workspace has above its packages; `undefined` where there is none. */
export async function findCargoLock(
  source: string,
  shown: string,
): Promise<Result<CargoLock | undefined, ImageFault>> {
  for (let folder = source;; folder = dirname(folder)) {
    if (await isFile(join(folder, CARGO_LOCK))) return await readCargoLock(folder, shown);
    if (folder === dirname(folder)) return ok(undefined);
  }
}

/** Reads the lock file in `folder`; `undefined` where there is none. */
export async function readCargoLock(
  folder: string,
  shown: string,
): Promise<Result<CargoLock | undefined, ImageFault>> {
  const path = join(folder, CARGO_LOCK);
  const read = await answering(`Cannot read the ${CARGO_LOCK} of "${shown}"`, () => readLimited(path));
  if (!read.ok) return read;
  if (read.value === undefined) return ok(undefined);
  const { bytes, sizeBytes } = read.value;
  const packages = sizeBytes > LOCK_LIMIT_BYTES
    ? err(`it has more than ${LOCK_LIMIT_BYTES} bytes`)
    : parseCargoLock(new TextDecoder().decode(bytes));
  return packages.ok
    ? ok({ path, bytes, packages: packages.value })
    : err(imageFault(`IMG046: Cannot use the ${CARGO_LOCK} of "${shown}": ${packages.error}`));
}

interface ReadLock {
  /** None where there are too many. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sizeBytes: number;
}

async function readLimited(path: string): Promise<ReadLock | undefined> {
  try {
    const { size: sizeBytes } = await Deno.stat(path);
    const bytes = sizeBytes <= LOCK_LIMIT_BYTES ? await Deno.readFile(path) : new Uint8Array();
    return { bytes, sizeBytes };
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** What lies where smelt may not look counts as not there: cargo finds it, and says what it makes of it. */
async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (isAbsent(error) || error instanceof Deno.errors.NotCapable) return false;
    throw error;
  }
}
