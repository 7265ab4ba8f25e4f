import { err, ok, type Result } from "../engine/result.ts";
import { joinBytes } from "./join_bytes.ts";
import { BLOCK_BYTES, header, NAME_BYTES, padded, paxPath, splitName } from "./tar_header.ts";

/** One file of a layer. */
export interface TarFile {
  /** From the root of the image, with `/` between its parts and none at its ends, for example `app/web`. */
  readonly path: string;
  /** Permission bits, for example 0o755. */
  readonly mode: number;
  readonly bytes: Uint8Array;
}

const FOLDER_MODE = 0o755;
const END_BLOCKS = 2;
const encoder = new TextEncoder();

/**
 * The tar archive of `files` (POSIX.1-1988 ustar), the same bytes for the same files in any order: every folder stands before
 * what it holds, names are in byte order within a folder, owner and group are 0 without names, every time is `mtime`, seconds
 * since 1970. A header of POSIX.1-2001 stands before an entry whose name does not fit, and nowhere else. The error says which
 * path cannot stand there, and why.
 */
export function writeTar(files: readonly TarFile[], mtime: number): Result<Uint8Array<ArrayBuffer>, string> {
  const entries = new Map<string, TarFile | undefined>();
  for (const file of files) {
    const fault = pathFault(file.path) ?? placeFault(entries, file.path);
    if (fault !== undefined) return err(fault);
    for (const folder of foldersOf(file.path)) entries.set(folder, undefined);
    entries.set(file.path, file);
  }
  const blocks = [...entries.entries()]
    .toSorted(([a], [b]) => comparePaths(a, b))
    .flatMap(([path, file]) => entryBlocks(path, file, mtime));
  return ok(joinBytes([...blocks, new Uint8Array(END_BLOCKS * BLOCK_BYTES)]));
}

/** Why a path cannot stand in a layer; `undefined` for one that can. */
function pathFault(path: string): string | undefined {
  const parts = path.split("/");
  if (path === "" || parts.includes("")) return `"${path}" has an empty part`;
  if (parts.includes(".") || parts.includes("..")) return `"${path}" has a part "." or ".."`;
  if (path.includes("\0")) return "a path holds a NUL";
  return path.isWellFormed() ? undefined : "a path is not whole Unicode";
}

/** Why a file cannot stand beside what is there. */
function placeFault(entries: ReadonlyMap<string, TarFile | undefined>, path: string): string | undefined {
  const file = foldersOf(path).find((folder) => entries.get(folder) !== undefined);
  if (file !== undefined) return `"${file}" is both a file and a folder`;
  if (!entries.has(path)) return undefined;
  return entries.get(path) === undefined
    ? `"${path}" is both a file and a folder`
    : `"${path}" stands there twice`;
}

function foldersOf(path: string): readonly string[] {
  const parts = path.split("/");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
}

function entryBlocks(path: string, file: TarFile | undefined, mtime: number): readonly Uint8Array[] {
  const name = encoder.encode(file === undefined ? `${path}/` : path);
  const fields = file === undefined
    ? { kind: "folder", mode: FOLDER_MODE, sizeBytes: 0, mtime } as const
    : { kind: "file", mode: file.mode, sizeBytes: file.bytes.length, mtime } as const;
  const content = file === undefined ? [] : padded(file.bytes);
  const split = splitName(name);
  if (split !== undefined) return [header({ ...fields, ...split }), ...content];
  const cut = { name: name.subarray(0, NAME_BYTES), prefix: new Uint8Array() };
  return [...paxPath(name, mtime), header({ ...fields, ...cut }), ...content];
}

/** Folder by folder, in the order of bytes: the order in which GNU tar walks with `--sort=name`. */
function comparePaths(a: string, b: string): number {
  const [left, right] = [a.split("/"), b.split("/")];
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const order = compareBytes(encoder.encode(left[index]), encoder.encode(right[index]));
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
