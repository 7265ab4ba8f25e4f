import { isJsonObject, type Json, type JsonObject } from "../engine/json.ts";
import { compareText } from "../engine/text_order.ts";

/** Which folders a program is made of. Absolute paths. */
export interface CargoFolders {
  /** The folder of the workspace, which has the lock file. */
  readonly root: string;
  /** Of the package itself and of all that it takes by path. */
  readonly inside: readonly string[];
  /** Of the other packages of the workspace. */
  readonly outside: readonly string[];
}

/**
 * The folders of a package and of those that it takes by path, one after the other, from what `cargo metadata --no-deps`
 * prints. A package outside of the workspace is taken with its folder; what it takes in turn is not in there.
 */
export function cargoFolders(metadata: Json | undefined, packageId: string): CargoFolders | undefined {
  if (!isJsonObject(metadata)) return undefined;
  const { packages, workspace_root: root } = metadata;
  if (!isList(packages) || typeof root !== "string") return undefined;
  const members = packages.filter(isJsonObject);
  const byFolder = new Map(members.map((each) => [folderOf(each), each]));
  const first = members.find((each) => each["id"] === packageId);
  if (first === undefined) return undefined;
  const inside = new Set<string>();
  const waiting = [folderOf(first)];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    if (inside.has(folder)) continue;
    inside.add(folder);
    const member = byFolder.get(folder);
    if (member !== undefined) waiting.push(...pathDependencies(member));
  }
  return {
    root,
    inside: [...inside].toSorted(compareText),
    outside: [...byFolder.keys()].filter((folder) => !inside.has(folder)).toSorted(compareText),
  };
}

/** Those of tests too: examples are built with them. */
function pathDependencies(member: JsonObject): readonly string[] {
  const dependencies = member["dependencies"];
  return (isList(dependencies) ? dependencies.filter(isJsonObject) : []).flatMap(({ path }) =>
    typeof path === "string" ? [path] : []
  );
}

function folderOf(member: JsonObject): string {
  const manifest = member["manifest_path"];
  return typeof manifest === "string" ? manifest.slice(0, manifest.lastIndexOf("/")) : "";
}

function isList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json);
}
