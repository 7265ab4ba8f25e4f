import { isAbsolute, join, relative, sep } from "node:path";
import { err, ok, type Result } from "../../engine/result.ts";
import type { CargoFolders } from "../../image/cargo_closure.ts";
import type { SourceFile } from "../../image/source_list.ts";
import { answering, isAbsent, statIfThere } from "./file_answer.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";
import { runTool, type ToolPlace } from "./run_tool.ts";
import { openDigest, sha256 } from "./sha256.ts";

/** Which files count as sources of a program. */
export interface SourceQuery {
  readonly folders: CargoFolders;
  /** Absolute; further files and folders, and those that do not count. */
  readonly extra: readonly string[];
  readonly exclude: readonly string[];
  /** Absolute; smelt's own files, which may lie among the sources, as `*.smelt` do: no program is made of them. */
  readonly own: readonly string[];
  /** Where git runs. */
  readonly place: ToolPlace;
}

/** What a workspace says of all its packages. Its lock file is looked at by itself. */
const WORKSPACE_FILES: readonly string[] = [
  "Cargo.toml",
  ".cargo/config.toml",
  ".cargo/config",
  "rust-toolchain",
  "rust-toolchain.toml",
];
const PASSED_OVER: ReadonlySet<string> = new Set([".git", "target", "node_modules"]);
const LOCK_FILE = "Cargo.lock";
const EXECUTE_BITS = 0o111;
const READS_AT_ONCE = 16;
const PIECE_BYTES = 1 << 16;

/**
 * Lists the sources of a program with their digests: what git would take into a commit, or, where there is no git, all but what
 * builds leave behind. Times and owners are not looked at.
 */
export async function listSources(query: SourceQuery): Promise<Result<readonly SourceFile[], ImageFault>> {
  const { folders: { inside, outside, root }, exclude, extra } = query;
  const paths = new Set<string>();
  for (const folder of [...inside, ...extra]) {
    const found = await pathsIn(query, folder);
    if (!found.ok) return found;
    for (const path of found.value) paths.add(path);
  }
  for (const name of WORKSPACE_FILES) paths.add(join(root, name));
  const isExtra = (path: string) => extra.some((each) => isWithin(path, each));
  const isSmelts = (path: string) =>
    path.endsWith(".smelt") || query.own.some((each) => isWithin(path, each));
  const isOthers = (path: string) => belongsTo(path, outside, inside) && !isExtra(path);
  const chosen = [...paths].filter((path) =>
    path !== join(root, LOCK_FILE) && !isOthers(path) && (!isSmelts(path) || isExtra(path)) &&
    !exclude.some((each) => isWithin(path, each))
  );
  return await described(root, chosen);
}

/** Whether the nearest package above a path is one of `others`. */
function belongsTo(path: string, others: readonly string[], own: readonly string[]): boolean {
  const depth = (folders: readonly string[]) =>
    Math.max(-1, ...folders.filter((each) => isWithin(path, each)).map((each) => each.length));
  return depth(others) > depth(own);
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}

async function pathsIn(
  { place }: SourceQuery,
  folder: string,
): Promise<Result<readonly string[], ImageFault>> {
  const stat = await answering(`Cannot read "${folder}"`, () => Deno.lstat(folder));
  if (!stat.ok) return stat;
  if (!stat.value.isDirectory) return ok([folder]);
  const listed = await runTool("git", GIT_ARGS, { ...place, cwd: folder, env: { ...place.env, ...GIT_ENV } });
  if (!listed.ok && listed.error.kind !== "image") return listed;
  // No git, or no repository: then everything counts.
  if (!listed.ok || !listed.value.success) return await walked(folder);
  const paths: string[] = [];
  for (const name of listed.value.stdout.split("\0")) {
    if (name === "") continue;
    const path = join(folder, name);
    // A repository within the repository is one entry.
    const inner = name.endsWith("/") || await isFolder(path) ? await walked(path) : ok([path]);
    if (!inner.ok) return inner;
    paths.push(...inner.value);
  }
  return ok(paths);
}

/** What a repository says of programs to run is not heard; whose it is does not matter, since it is only listed. */
const GIT_ARGS: readonly string[] = [
  "-c",
  "safe.directory=*",
  "-c",
  "core.fsmonitor=false",
  "ls-files",
  "--cached",
  "--others",
  "--exclude-standard",
  "-z",
];
/** What people ignore on their own machines is no matter of the project. */
const GIT_ENV: Readonly<Record<string, string>> = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_OPTIONAL_LOCKS: "0",
};

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.lstat(path)).isDirectory;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

async function walked(folder: string): Promise<Result<readonly string[], ImageFault>> {
  return await answering(`Cannot read "${folder}"`, async () => {
    const paths: string[] = [];
    const waiting = [folder];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      for await (const { isDirectory, name } of Deno.readDir(at)) {
        if (PASSED_OVER.has(name)) continue;
        (isDirectory ? waiting : paths).push(join(at, name));
      }
    }
    return paths;
  });
}

async function described(
  root: string,
  paths: readonly string[],
): Promise<Result<readonly SourceFile[], ImageFault>> {
  const waiting = paths.values();
  const files: SourceFile[] = [];
  let fault: ImageFault | undefined;
  const work = async (): Promise<void> => {
    for (const path of waiting) {
      if (fault !== undefined) return;
      const file = await describe(root, path);
      if (!file.ok) return void (fault ??= file.error);
      if (file.value !== undefined) files.push(file.value);
    }
  };
  await Promise.all(Array.from({ length: READS_AT_ONCE }, work));
  return fault === undefined ? ok(files) : err(fault);
}

/** `undefined`: it is not there, as what git still knows and somebody has deleted. */
async function describe(root: string, path: string): Promise<Result<SourceFile | undefined, ImageFault>> {
  const shown = relative(root, path).split(sep).join("/");
  // What is no UTF-8 comes as this character, and two such names would be one.
  if (/[\n\ufffd]/.test(shown)) {
    return err(
      imageFault(`Cannot list the source ${JSON.stringify(shown)}: its name has a line end, or is not UTF-8`),
    );
  }
  const described = await answering(`Cannot read "${shown}"`, async () => {
    const stat = await statIfThere(path);
    if (stat === undefined) return undefined;
    if (stat.isSymlink) return { link: await Deno.readLink(path) };
    return { type: ((stat.mode ?? 0) & EXECUTE_BITS) === 0 ? "-" : "x", hash: await fileHash(path) } as const;
  });
  if (!described.ok || described.value === undefined) return described.ok ? ok(undefined) : described;
  const found = described.value;
  if (!("link" in found)) return ok({ path: shown, ...found });
  const target = isAbsolute(found.link) ? found.link : join(path, "..", found.link);
  if (!isWithin(target, root)) {
    return err(
      imageFault(`Cannot list the source "${shown}": it is a link out of the sources, to "${found.link}"`),
    );
  }
  return ok({ path: shown, type: "l", hash: sha256(new TextEncoder().encode(found.link)) });
}

async function fileHash(path: string): Promise<string> {
  using file = await Deno.open(path);
  const digest = openDigest();
  const piece = new Uint8Array(PIECE_BYTES);
  for (let count = await file.read(piece); count !== null; count = await file.read(piece)) {
    digest.push(piece.subarray(0, count));
  }
  return digest.end().hex;
}
