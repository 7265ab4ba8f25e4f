import { basename, isAbsolute, join, relative, resolve, sep } from "node:path";
import { compareText } from "../engine/text_order.ts";
import { fileErrorReason, isMissing, isRefused } from "./_file_error.ts";

/** A file of the project. */
export interface FoundFile {
  /** Absolute, links resolved: two names of one file are equal here. */
  readonly realPath: string;
  /** Absolute, as it was found or given; includes are relative to its folder. */
  readonly path: string;
  /** Relative to the project's root, with `/`: the name in messages and origins. */
  readonly name: string;
}

/** What could not be taken, and why. */
export interface FileProblem {
  readonly name: string;
  readonly message: string;
  readonly hint?: string;
}

/** Files in the order in which they are read. */
export interface FoundFiles {
  readonly files: readonly FoundFile[];
  readonly problems: readonly FileProblem[];
}

const SOURCE_ENDING = ".smelt";
const SKIPPED_FOLDERS: readonly string[] = ["node_modules", "target", "dist"];

/** Resolves the links of a project's root; the other functions take the result. */
export async function realRoot(root: string): Promise<string> {
  return await Deno.realPath(root);
}

/**
 * Finds all `*.smelt` files below `root`, sorted by name in code-point order. Folders that begin with a dot,
 * `node_modules`, `target` and `dist` are skipped. Each real folder is visited once, so that a loop of links is harmless;
 * a link to a folder outside of the project is not followed, one to a file outside is a problem.
 */
export async function discoverFiles(root: string): Promise<FoundFiles> {
  const walk = new Walk(root);
  await walk.visit(root);
  return {
    files: walk.files.toSorted((left, right) => compareText(left.name, right.name)),
    problems: walk.problems.toSorted((left, right) => compareText(left.name, right.name)),
  };
}

/** Takes the files that a command line names, each once, in its order; names are relative to `workingFolder`. */
export async function takeGivenFiles(
  root: string,
  workingFolder: string,
  given: readonly string[],
): Promise<FoundFiles> {
  const files = new Map<string, FoundFile>();
  const problems: FileProblem[] = [];
  for (const path of given.map((each) => resolve(workingFolder, each))) {
    const name = displayName(root, path);
    const looked = await lookAt(path);
    const reason = looked.kind === "file" ? endingFault(root, path, looked.realPath) : reasonOf(looked);
    if (reason !== undefined) problems.push({ name, message: `Cannot read "${name}": ${reason}` });
    else if (looked.kind === "file" && !files.has(looked.realPath)) {
      files.set(looked.realPath, { realPath: looked.realPath, path, name });
    }
  }
  return { files: [...files.values()], problems };
}

/** What stands at a path, links followed. */
export type Looked =
  | { readonly kind: "file"; readonly realPath: string }
  | { readonly kind: "folder"; readonly realPath: string }
  | { readonly kind: "missing" }
  | { readonly kind: "problem"; readonly reason: string };

/** Looks at what stands at `path`. */
export async function lookAt(path: string): Promise<Looked> {
  try {
    const realPath = await Deno.realPath(path);
    const status = await Deno.stat(realPath);
    if (status.isDirectory) return { kind: "folder", realPath };
    return status.isFile
      ? { kind: "file", realPath }
      : { kind: "problem", reason: "it is neither a file nor a folder" };
  } catch (error) {
    if (isMissing(error)) return { kind: "missing" };
    const reason = fileErrorReason(error);
    if (reason === undefined) throw error;
    return { kind: "problem", reason };
  }
}

/** Says why a path is no file that can be read. */
export function reasonOf(looked: Exclude<Looked, { readonly kind: "file" }>): string {
  if (looked.kind === "missing") return "no such file";
  return looked.kind === "folder" ? "it is a folder" : looked.reason;
}

/**
 * Why a file is not taken for its name, or `undefined`: what is read may be shown in messages, and files of other names
 * hold passwords and keys. What a link leads to must bear such a name too.
 */
export function endingFault(root: string, path: string, realPath: string): string | undefined {
  const wanted = `expected a file whose name ends in "${SOURCE_ENDING}"`;
  if (!path.endsWith(SOURCE_ENDING)) return `${wanted}, found "${basename(path)}"`;
  if (!realPath.endsWith(SOURCE_ENDING)) {
    return `${wanted}, found a link to "${displayName(root, realPath)}"`;
  }
  return undefined;
}

/** Whether `path` is `root` or lies below it; both absolute and with resolved links. */
export function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** The name of a file in messages: relative to the root, with `/`. */
export function displayName(root: string, path: string): string {
  return relative(root, path).split(sep).join("/");
}

class Walk {
  readonly files: FoundFile[] = [];
  readonly problems: FileProblem[] = [];
  readonly #root: string;
  readonly #seen = new Set<string>();
  /** Links wait until all that has no link on its way is found, so that a file goes by its plain name. */
  readonly #links: string[] = [];

  constructor(root: string) {
    this.#root = root;
  }

  async visit(folder: string): Promise<void> {
    await this.#visitFolder(folder, folder);
    for (let index = 0; index < this.#links.length; index++) {
      await this.#followLink(this.#links[index] ?? "");
    }
  }

  async #visitFolder(folder: string, realFolder: string): Promise<void> {
    if (this.#seen.has(realFolder)) return;
    this.#seen.add(realFolder);
    for (const entry of await this.#entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (entry.isSymlink) this.#links.push(path);
      else if (entry.isDirectory && isSearched(entry.name)) {
        await this.#visitFolder(path, join(realFolder, entry.name));
      } else if (entry.isFile && isSource(entry.name)) this.#take(path, join(realFolder, entry.name));
    }
  }

  async #followLink(path: string): Promise<void> {
    const base = path.slice(path.lastIndexOf(sep) + 1);
    if (!isSource(base) && !isSearched(base)) return;
    const looked = await lookAt(path);
    if (looked.kind === "folder" && isSearched(base) && isInside(this.#root, looked.realPath)) {
      await this.#visitFolder(path, looked.realPath);
    } else if (isSource(base) && looked.kind !== "folder") this.#takeLinkedFile(path, looked);
  }

  #takeLinkedFile(path: string, looked: Looked): void {
    const reason = looked.kind !== "file"
      ? reasonOf(looked)
      : isInside(this.#root, looked.realPath)
      ? endingFault(this.#root, path, looked.realPath)
      : "the link leads outside of the project";
    const name = displayName(this.#root, path);
    if (reason !== undefined) this.problems.push({ name, message: `Cannot read "${name}": ${reason}` });
    else if (looked.kind === "file") this.#take(path, looked.realPath);
  }

  #take(path: string, realPath: string): void {
    if (this.#seen.has(realPath)) return;
    this.#seen.add(realPath);
    this.files.push({ path, realPath, name: displayName(this.#root, path) });
  }

  /** A folder that cannot be read is a problem: taken for empty, its resources would be planned for deletion. */
  async #entriesOf(folder: string): Promise<readonly Deno.DirEntry[]> {
    const entries: Deno.DirEntry[] = [];
    try {
      for await (const entry of Deno.readDir(folder)) entries.push(entry);
    } catch (error) {
      const reason = isRefused(error) || isMissing(error) ? fileErrorReason(error) : undefined;
      if (reason === undefined) throw error;
      const name = displayName(this.#root, folder) || ".";
      this.problems.push({ name, message: `Cannot search the folder "${name}": ${reason}` });
    }
    return entries.sort((left, right) => compareText(left.name, right.name));
  }
}

/** A name that begins with `.#` is an editor's lock, a link to nowhere. */
function isSource(name: string): boolean {
  return isSourceName(name) && !name.startsWith(".#");
}

/** Whether a file of this name is read when a command line or an `include` names it. */
export function isSourceName(name: string): boolean {
  return name.endsWith(SOURCE_ENDING);
}

/** Whether files are looked for in a folder of this name. */
export function isSearched(name: string): boolean {
  return !name.startsWith(".") && !SKIPPED_FOLDERS.includes(name);
}
