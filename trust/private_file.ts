import { constants, type Stats } from "node:fs";
import { lstat, mkdir, open, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import process from "node:process";
import { err, ok, type Result } from "../engine/result.ts";
import { type KeyFileAction, type KeyFileFault, keyFileFault } from "./key_file_fault.ts";

/**
 * Files that only their owner may use, in a folder that only its owner may use.
 *
 *   F1. A file is created with its final mode: there is no moment at which others could open it.
 *   F2. What is checked is what is read: the checks are made on the open file, which is the one that the name itself means.
 *   F3. A file in place is never replaced.
 *
 * Where the system has no owners and modes (Windows), those two checks are left out.
 */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
const OTHERS = 0o077;
const PERMISSION_BITS = 0o7777;
const NO_LINKS = constants.O_NOFOLLOW ?? 0;
/** Opening a named pipe would wait for its other end. */
const NO_WAITING = constants.O_NONBLOCK ?? 0;

/** Creates the file, and its folder when there is none; durable once it resolves. */
export async function createPrivateFile(
  path: string,
  bytes: Uint8Array,
): Promise<Result<void, KeyFileFault>> {
  const action: KeyFileAction = "Cannot make the key file";
  try {
    await makeFolder(dirname(path));
    const fault = await folderFault(dirname(path));
    if (fault !== undefined) return err(fault);
    await writeNew(path, bytes);
    await syncFolder(dirname(path));
    return ok(undefined);
  } catch (error) {
    const fault = systemFault(path, error, action);
    if (fault === undefined) throw error;
    return err(fault);
  }
}

/** Reads the file, after checking what it is, whose it is, and that nobody else may use it or its folder. */
export async function readPrivateFile(path: string): Promise<Result<Uint8Array<ArrayBuffer>, KeyFileFault>> {
  try {
    const fault = await folderFault(dirname(path));
    return fault === undefined ? await readChecked(path) : err(fault);
  } catch (error) {
    const fault = systemFault(path, error, "Cannot use the key file");
    if (fault === undefined) throw error;
    return err(fault);
  }
}

async function readChecked(path: string): Promise<Result<Uint8Array<ArrayBuffer>, KeyFileFault>> {
  const file = await open(path, constants.O_RDONLY | NO_LINKS | NO_WAITING);
  try {
    const status = await file.stat();
    // A runtime that restricts paths resolves links itself before it opens, whatever the flags say.
    const named = await lstat(path);
    if (named.isSymbolicLink() || named.dev !== status.dev || named.ino !== status.ino) {
      return err(keyFileFault("Symlink", path, "it is a symbolic link"));
    }
    if (!status.isFile()) return err(keyFileFault("NotAFile", path, "it is not a file"));
    const fault = accessFault(path, status, FILE_MODE, "Cannot use the key file");
    return fault === undefined ? ok(new Uint8Array(await file.readFile())) : err(fault);
  } finally {
    await file.close();
  }
}

async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, FILE_MODE);
  let isWhole = false;
  try {
    await file.writeFile(bytes);
    await file.sync();
    isWhole = true;
  } finally {
    await file.close();
    if (!isWhole) await unlink(path);
  }
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  try {
    await mkdir(folder, { mode: FOLDER_MODE });
    await syncFolder(dirname(folder));
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  }
}

/** Makes the entries of a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const opened = await open(folder, constants.O_RDONLY);
  try {
    await opened.sync();
  } finally {
    await opened.close();
  }
}

async function folderFault(folder: string): Promise<KeyFileFault | undefined> {
  const action: KeyFileAction = "Cannot use the key folder";
  try {
    const status = await lstat(folder);
    if (status.isSymbolicLink()) return keyFileFault("Symlink", folder, "it is a symbolic link", action);
    if (!status.isDirectory()) return keyFileFault("NotAFile", folder, "it is not a folder", action);
    return accessFault(folder, status, FOLDER_MODE, action);
  } catch (error) {
    const fault = systemFault(folder, error, action);
    if (fault === undefined) throw error;
    return fault;
  }
}

function accessFault(
  path: string,
  status: Stats,
  wanted: number,
  action: KeyFileAction,
): KeyFileFault | undefined {
  const user = process.getuid?.();
  if (user === undefined) return undefined;
  if (status.uid !== user) {
    const why = `it belongs to user ${status.uid}, wanted user ${user}, who runs this command`;
    return keyFileFault("ForeignOwner", path, why, action);
  }
  const found = status.mode & PERMISSION_BITS;
  if ((found & OTHERS) === 0) return undefined;
  const command = `chmod ${octal(wanted)} ${shellWord(path)}`;
  const why = `others may use it: found mode 0${octal(found)}, wanted 0${octal(wanted)}; run: ${command}`;
  return keyFileFault("Loose", path, why, action);
}

const ABSENT: Readonly<Record<KeyFileAction, string>> = {
  "Cannot make the key file": "there is no such folder",
  "Cannot use the key file": "there is no such file",
  "Cannot use the key folder": "there is no such folder",
};

/** What the system's refusal means; `undefined` for what is no answer about this file. */
function systemFault(path: string, error: unknown, action: KeyFileAction): KeyFileFault | undefined {
  if (error instanceof Deno.errors.NotCapable) {
    return keyFileFault("NotPermitted", path, error.message, action);
  }
  switch (codeOf(error)) {
    case "ENOENT":
      return keyFileFault("Absent", path, ABSENT[action], action);
    case "EEXIST":
      return keyFileFault("Exists", path, "there is one already, and it is not replaced", action);
    case "ELOOP":
    case "EMLINK": // what FreeBSD answers for a link that must not be followed
      return keyFileFault("Symlink", path, "it is a symbolic link", action);
    case "ENOTDIR":
      return keyFileFault("NotAFile", path, "a part of its path is not a folder", action);
    case "EISDIR":
    case "ENXIO":
      return keyFileFault("NotAFile", path, "it is not a file", action);
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return keyFileFault("NotPermitted", path, "permission denied", action);
    default:
      return undefined;
  }
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(3, "0");
}

function shellWord(text: string): string {
  return /^[A-Za-z0-9_./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
