import { basename, dirname, join, relative, resolve } from "node:path";
import type { CallFailure } from "../../engine/call_failure.ts";
import { isInOwnFolder } from "../../engine/own_folder.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import type { ValueRecord } from "../../engine/value.ts";
import { refused } from "../failures.ts";
import { knownText } from "../field_reader.ts";
import { isOwnFile, isWayBelow } from "../own_files.ts";
import { attempt, codeOf } from "./os_failure.ts";

/**
 * Paths in their one spelling: from the project root, parts separated by `/`, none of them empty, `.` or `..`. One spelling
 * makes the path an id.
 */
export const PATH_PATTERN = String.raw`(?!\.{1,2}(?:\/|$))[^\/\0]+(?:\/(?!\.{1,2}(?:\/|$))[^\/\0]+)*`;

const PATH_REGEXP = new RegExp(`^${PATH_PATTERN}$`, "u");

/** Where a file or folder of the project stands. */
export interface Place {
  /** The path as configured, which is the id. */
  readonly path: string;
  readonly absolute: string;
}

/**
 * Finds the place of `path` and makes sure that it is below `root`, links resolved, and nothing of smelt's own.
 * The folders above it need not exist.
 */
export async function placeBelow(root: string, path: string): Promise<Result<Place, CallFailure>> {
  if (!PATH_REGEXP.test(path)) {
    return err(refused(
      "InvalidConfig",
      `Cannot use the path "${path}": expected one below the project root, such as "out/a.txt"`,
    ));
  }
  const absolute = join(root, ...path.split("/"));
  const whose = await attempt(`Cannot look at "${path}"`, "notDone", () => judge(root, absolute));
  if (!whose.ok) return whose;
  if (whose.value === "outside") return err(outside(path));
  return whose.value === "own" ? err(own(path)) : ok({ path, absolute });
}

async function judge(root: string, absolute: string): Promise<"outside" | "own" | "free"> {
  const real = join(await realFolder(dirname(absolute)), basename(absolute));
  const realRoot = await Deno.realPath(root);
  if (!isWayBelow(relative(realRoot, real))) return "outside";
  return await isOwnFile(realRoot, real) ? "own" : "free";
}

/** Whether the `path` of a file or folder may be one, as far as it is known. */
export async function checkPlace(root: string, fields: ValueRecord): Promise<Result<void, CallFailure>> {
  const path = knownText(fields["path"]);
  const place = path === undefined ? undefined : await placeBelow(root, path);
  return place?.ok === false ? place : ok(undefined);
}

/**
 * Whether a path that need not lie below `root` keeps out of smelt's own folder, links resolved. Where nothing can be looked at,
 * it is judged as it is written.
 */
export async function checkOutside(root: string, path: string): Promise<Result<void, CallFailure>> {
  const isThere = await attempt(
    `Cannot look at "${path}"`,
    "notDone",
    async () => await isOwnFile(await Deno.realPath(root), await realFolder(resolve(root, path))),
  );
  const isOwn = isInOwnFolder(path) || (isThere.ok && isThere.value);
  return isOwn ? err(own(path)) : ok(undefined);
}

/** The real path of a folder, with the parts below the nearest one that exists as they are. */
async function realFolder(folder: string): Promise<string> {
  try {
    return await Deno.realPath(folder);
  } catch (error) {
    const code = codeOf(error);
    if ((code !== "ENOENT" && code !== "ENOTDIR") || dirname(folder) === folder) throw error;
    return join(await realFolder(dirname(folder)), basename(folder));
  }
}

function outside(path: string): CallFailure {
  return refused(
    "InvalidConfig",
    `Cannot use the path "${path}": a link leads out of the project root, and smelt stays below it`,
  );
}

function own(path: string): CallFailure {
  return refused("InvalidConfig", `Cannot use the path "${path}": the folder .smelt is smelt's own`);
}
