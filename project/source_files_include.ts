import { dirname, isAbsolute, resolve } from "node:path";
import { err, ok, type Result } from "../engine/result.ts";
import { displayName, endingFault, type FoundFile, isInside, lookAt, reasonOf } from "./source_files_find.ts";

/**
 * Finds the file that an `include` names: relative to the including file first, then to the project's root. It must lie
 * inside the root after resolving links, in no folder that begins with a dot, and end in `.smelt`. The error is a message.
 */
export async function resolveInclude(
  root: string,
  from: FoundFile,
  path: string,
): Promise<Result<FoundFile, string>> {
  if (path === "") return err("Name a file to include: found an empty path");
  if (path.includes("\0")) return err("Cannot include a path that holds a NUL character");
  if (isAbsolute(path)) {
    return err(`Cannot include "${path}": expected a path relative to this file or to the project's root`);
  }
  const dotted = path.split(/[/\\]/).slice(0, -1).find((each) => /^\.(?!\.?$)/.test(each));
  if (dotted !== undefined) {
    return err(
      `Cannot include "${path}": expected a file outside of hidden folders, found one in "${dotted}"`,
    );
  }
  const misnamed = endingFault(root, path, path);
  if (misnamed !== undefined) return err(`Cannot include "${path}": ${misnamed}`);
  let isOutside = false;
  for (const candidate of new Set([resolve(dirname(from.path), path), resolve(root, path)])) {
    if (!isInside(root, candidate)) isOutside = true;
    else {
      const looked = await lookAt(candidate);
      if (looked.kind === "file") return takeInside(root, candidate, looked.realPath, path);
      if (looked.kind !== "missing") return err(`Cannot include "${path}": ${reasonOf(looked)}`);
    }
  }
  if (isOutside) return err(outside(path));
  return err(`Cannot include "${path}": no such file beside "${from.name}" or in the project's root`);
}

function takeInside(
  root: string,
  path: string,
  realPath: string,
  written: string,
): Result<FoundFile, string> {
  if (!isInside(root, realPath)) return err(outside(written));
  const misnamed = endingFault(root, path, realPath);
  if (misnamed !== undefined) return err(`Cannot include "${written}": ${misnamed}`);
  return ok({ path, realPath, name: displayName(root, path) });
}

function outside(path: string): string {
  return `Cannot include "${path}": it leads outside of the project`;
}
