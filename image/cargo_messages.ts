import { isJsonObject, type JsonObject, parseJson } from "../engine/json.ts";
import type { CargoPrograms } from "./cargo_metadata.ts";

/** What a build of cargo told about what it made, out of the lines that `--message-format json` prints. */
export interface CargoOutcome {
  /** Paths of the wanted programs that were made, by name. */
  readonly executables: ReadonlyMap<string, string>;
  /** All packages that were compiled or taken as they were, each once. */
  readonly packages: readonly BuiltPackage[];
  /** Folders that build scripts wrote to. */
  readonly scriptFolders: readonly ScriptFolder[];
}

/** A package that is part of a build. */
export interface BuiltPackage {
  readonly id: string;
  readonly name: string;
  /** `path`: a folder of this machine, whose files may change; `fixed`: of a registry or a commit, which never do. */
  readonly origin: "path" | "fixed";
  /** The folder of its Cargo.toml. */
  readonly folder: string;
  /** Whether nothing of it had to be compiled. */
  readonly isFresh: boolean;
  /** Names of its crates as files have them, with `_` in the place of `-`. */
  readonly crates: readonly string[];
}

/** What a build script wrote for its package. */
export interface ScriptFolder {
  readonly packageId: string;
  /** Its `OUT_DIR`; what it printed lies beside it, in `output`. */
  readonly outFolder: string;
}

/** Reads the lines of a build. Lines that are no message count as nothing. */
export function readOutcome(lines: readonly string[], programs: CargoPrograms): CargoOutcome {
  const executables = new Map<string, string>();
  const packages = new Map<string, BuiltPackage>();
  const scriptFolders: ScriptFolder[] = [];
  for (const line of lines) {
    const message = parseJson(line);
    if (!isJsonObject(message)) continue;
    const { executable, out_dir, package_id, reason, target = null } = message;
    if (typeof package_id !== "string") continue;
    if (reason === "build-script-executed" && typeof out_dir === "string") {
      scriptFolders.push({ packageId: package_id, outFolder: out_dir });
    }
    if (reason !== "compiler-artifact" || !isJsonObject(target)) continue;
    const before = packages.get(package_id) ?? packageOf(package_id, message);
    packages.set(package_id, withArtifact(before, message, target));
    const name = wantedName(programs, package_id, target);
    if (typeof executable === "string" && name !== undefined) executables.set(name, executable);
  }
  return { executables, packages: [...packages.values()], scriptFolders };
}

/** Packages that lie outside of the workspace: their absolute paths get into the names of what they hold. */
export function outsidePackages(
  { packages }: CargoOutcome,
  { workspaceRoot }: CargoPrograms,
): readonly BuiltPackage[] {
  return packages.filter(({ folder, origin }) =>
    origin === "path" && folder !== workspaceRoot && !folder.startsWith(`${workspaceRoot}/`)
  );
}

function wantedName(
  { kind, names, packageId }: CargoPrograms,
  id: string,
  target: JsonObject,
): string | undefined {
  const { kind: kinds, name } = target;
  const isWanted = id === packageId && Array.isArray(kinds) && kinds.includes(kind);
  return isWanted && typeof name === "string" && names.includes(name) ? name : undefined;
}

function packageOf(id: string, { manifest_path }: JsonObject): BuiltPackage {
  const manifest = typeof manifest_path === "string" ? manifest_path : "";
  return {
    id,
    name: packageName(id),
    origin: id.includes("path+file:") ? "path" : "fixed",
    folder: manifest.slice(0, Math.max(manifest.lastIndexOf("/"), 0)),
    isFresh: true,
    crates: [],
  };
}

function withArtifact(before: BuiltPackage, { fresh }: JsonObject, { name }: JsonObject): BuiltPackage {
  const crate = typeof name === "string" ? name.replaceAll("-", "_") : "";
  return {
    ...before,
    isFresh: before.isFresh && fresh === true,
    crates: before.crates.includes(crate) ? before.crates : [...before.crates, crate],
  };
}

/** Of `registry+URL#name@1.0.0`, of `path+file:///folder/name#1.0.0`, and of the older `name 1.0.0 (URL)`. */
function packageName(id: string): string {
  const hash = id.lastIndexOf("#");
  if (hash < 0 || / \(/.test(id)) return id.split(" ")[0] ?? "";
  const [name = "", version] = id.slice(hash + 1).split("@");
  if (version !== undefined) return name;
  const url = id.slice(0, hash).replace(/\?.*$/, "");
  return url.slice(url.lastIndexOf("/") + 1);
}
