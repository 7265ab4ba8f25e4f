import { join, relative, resolve } from "node:path";
import { err, ok, type Result } from "../engine/result.ts";
import { compareText } from "../engine/text_order.ts";
import type { ManifestText } from "../providers/image_manifests.ts";
import { fileErrorReason } from "./_file_error.ts";
import type { ProjectFailure } from "./failure.ts";

/** A file of YAML, and the folder that it lies in. */
export interface ManifestFile extends ManifestText {
  /** Absolute. */
  readonly folder: string;
}

/** Which files are read. */
export interface ManifestRequest {
  /** Absolute. */
  readonly workingFolder: string;
  /** Files and folders, relative to it; `-` is standard input. */
  readonly names: readonly string[];
  readonly below: "folder" | "tree";
  readInput(limitBytes: number): Promise<Uint8Array>;
}

/** The most that one file may have. */
export const MANIFEST_LIMIT_BYTES = 64 * 1024 * 1024;
const STANDARD_INPUT = "-";
const ENDINGS: readonly string[] = [".yaml", ".yml"];

/** Reads files in the order in which they were named, those of a folder by name. */
export async function readManifestFiles(
  request: ManifestRequest,
): Promise<Result<readonly ManifestFile[], ProjectFailure>> {
  const files: ManifestFile[] = [];
  if (request.names.filter((name) => name === STANDARD_INPUT).length > 1) {
    return err({
      kind: "Config",
      message: `Cannot read standard input twice: "-f -" was given more than once`,
    });
  }
  for (const name of request.names) {
    const read = name === STANDARD_INPUT ? await readStandardInput(request) : await readNamed(request, name);
    if (!read.ok) return read;
    files.push(...read.value);
  }
  return ok(files);
}

async function readStandardInput(
  { readInput, workingFolder }: ManifestRequest,
): Promise<Result<readonly ManifestFile[], ProjectFailure>> {
  const name = "standard input";
  const bytes = await readInput(MANIFEST_LIMIT_BYTES);
  if (bytes.length > MANIFEST_LIMIT_BYTES) return err(tooLarge(name));
  const text = decoded(name, bytes);
  return text.ok ? ok([{ name, folder: workingFolder, text: text.value }]) : text;
}

async function readNamed(
  request: ManifestRequest,
  name: string,
): Promise<Result<readonly ManifestFile[], ProjectFailure>> {
  return await answering(name, async () => {
    const path = resolve(request.workingFolder, name);
    if (!(await Deno.stat(path)).isDirectory) return await readOne(request, path);
    const paths = await pathsIn(path, request.below);
    if (paths.length === 0) return err(nothingIn(name, request.below));
    const files: ManifestFile[] = [];
    for (const each of paths) {
      const read = await readOne(request, each);
      if (!read.ok) return read;
      files.push(...read.value);
    }
    return ok(files);
  });
}

async function readOne(
  { workingFolder }: ManifestRequest,
  path: string,
): Promise<Result<readonly ManifestFile[], ProjectFailure>> {
  const name = relative(workingFolder, path);
  return await answering(name, async () => {
    const { isFile, size } = await Deno.stat(path);
    // Opening a pipe would wait for somebody to write into it.
    if (!isFile) return err({ kind: "Store", message: `Cannot read "${name}": it is no regular file` });
    if (size > MANIFEST_LIMIT_BYTES) return err(tooLarge(name));
    const text = decoded(name, await Deno.readFile(path));
    return text.ok ? ok([{ name, folder: resolve(path, ".."), text: text.value }]) : text;
  });
}

/** In the order of names; a link to a folder is not gone into, so that none goes round in a circle. */
async function pathsIn(folder: string, below: ManifestRequest["below"]): Promise<readonly string[]> {
  const entries: Deno.DirEntry[] = [];
  for await (const entry of Deno.readDir(folder)) entries.push(entry);
  const sorted = entries.toSorted((left, right) => compareText(left.name, right.name));
  const paths: string[] = [];
  for (const { isDirectory, name } of sorted) {
    if (!isDirectory && ENDINGS.some((ending) => name.endsWith(ending))) paths.push(join(folder, name));
    if (isDirectory && below === "tree") paths.push(...await pathsIn(join(folder, name), below));
  }
  return paths;
}

/** Bytes that come out as they went in: nothing is replaced, and a byte-order mark stays. */
function decoded(name: string, bytes: Uint8Array): Result<string, ProjectFailure> {
  try {
    return ok(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return err({ kind: "Config", message: `Cannot read "${name}": it is no text in UTF-8` });
  }
}

async function answering<T>(
  name: string,
  read: () => Promise<Result<T, ProjectFailure>>,
): Promise<Result<T, ProjectFailure>> {
  try {
    return await read();
  } catch (error) {
    const reason = fileErrorReason(error);
    if (reason === undefined) throw error;
    return err({ kind: "Store", message: `Cannot read "${name}": ${reason}` });
  }
}

function nothingIn(name: string, below: ManifestRequest["below"]): ProjectFailure {
  return {
    kind: "Config",
    message: `Cannot find a file in "${name}": wanted names that end with ${ENDINGS.join(" or ")}`,
    ...(below === "tree" ? {} : { hint: "With -R folders in it are read too" }),
  };
}

function tooLarge(name: string): ProjectFailure {
  return {
    kind: "Store",
    message: `Cannot read "${name}": it has more than ${MANIFEST_LIMIT_BYTES} bytes`,
  };
}
