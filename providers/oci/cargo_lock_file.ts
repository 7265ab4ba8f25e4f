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
    const path = join(folder, CARGO_LOCK);
    if (await isFile(path)) return await readLock(path, shown);
    if (folder === dirname(folder)) return ok(undefined);
  }
}

/** Without a lock file the same source gives another program tomorrow. */
export async function requireCargoLock(
  source: string,
  shown: string,
): Promise<Result<CargoLock, ImageFault>> {
  const lock = await findCargoLock(source, shown);
  if (!lock.ok) return lock;
  return lock.value !== undefined ? ok(lock.value) : err(imageFault(
    `Cannot build "${shown}": it has no ${CARGO_LOCK}, so another day would give another program`,
    "Run: cargo generate-lockfile",
  ));
}

/** What lies where smelt may not look counts as not there: cargo finds it, and says what it makes of it. */
export async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (isAbsent(error) || error instanceof Deno.errors.NotCapable) return false;
    throw error;
  }
}

async function readLock(path: string, shown: string): Promise<Result<CargoLock, ImageFault>> {
  const bytes = await answering(`Cannot read the ${CARGO_LOCK} of "${shown}"`, async () => {
    const { size } = await Deno.stat(path);
    return size <= LOCK_LIMIT_BYTES ? await Deno.readFile(path) : undefined;
  });
  if (!bytes.ok) return bytes;
  const packages = bytes.value === undefined
    ? err(`it has more than ${LOCK_LIMIT_BYTES} bytes`)
    : parseCargoLock(new TextDecoder().decode(bytes.value));
  if (!packages.ok) {
    return err(imageFault(`IMG046: Cannot use the ${CARGO_LOCK} of "${shown}": ${packages.error}`));
  }
  return ok({ path, bytes: bytes.value ?? new Uint8Array(), packages: packages.value });
}
