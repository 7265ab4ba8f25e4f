/**
 * The gate of the import table, as functions of paths and texts alone.
 *   L1. A layer imports what its row of the table names, and nothing else.
 *   L2. A port imports `engine/` and other ports.
 *   L3. Adapters do not import each other.
 *   L4. Tests may import everything, except that those of the pure folders stay with the core.
 *   L5. Nothing imports a test.
 *   L6. A module comes from this project, from a package of `deno.json`, or from the runtime.
 *   L7. Each folder is in the table, and none lies deeper than two levels.
 */
import {
  ADAPTER_PARENTS,
  ADAPTERS,
  COMPOSITION_ROOTS,
  FOLDER_LEVELS,
  type Layer,
  LAYERS,
  OUTER_FOLDERS,
  OUTER_PACKAGES,
  PORT_FILES,
  PURE_FOLDERS,
  PURE_TEST_BUILTINS,
  TEST_PACKAGES,
  TOOLS_FOLDER,
} from "./layer_table.ts";
import { importTarget } from "./import_target.ts";
import { sourceImports } from "./source_imports.ts";

/** One breach of the table. `line` counts from 1; 0 is the file as a whole. */
export interface LayerBreach {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** Checks one file. `path` is relative to the project, with `/`. */
export function layerBreaches(path: string, text: string): readonly LayerBreach[] {
  const place = placeBreach(path);
  if (place !== undefined) return [{ path, line: 0, message: place }];
  if (!path.endsWith(".ts")) return [];
  return sourceImports(text).flatMap(({ specifier, line }) => {
    if (specifier === undefined) {
      return [{
        path,
        line,
        message: "imports a computed path, which no gate can check: write it as a string",
      }];
    }
    const why = importBreach(path, specifier);
    return why === undefined ? [] : [{ path, line, message: `imports "${specifier}": ${why}` }];
  });
}

/** True for files that only tests may import: they may use the packages of tests. */
export function isTestFile(path: string): boolean {
  return path.startsWith("tests/") || /_(test|bench|contract|arbitrary)\.ts$/.test(path);
}

function placeBreach(path: string): string | undefined {
  const folders = path.split("/").slice(0, -1).filter((name) => name !== "__snapshots__");
  if (folders.length > FOLDER_LEVELS) {
    return `lies ${folders.length} folders deep: ${FOLDER_LEVELS} is the limit`;
  }
  if (!path.endsWith(".ts")) return undefined;
  const [top] = folders;
  if (top === undefined) {
    return COMPOSITION_ROOTS.includes(path)
      ? undefined
      : `only ${COMPOSITION_ROOTS.join(" and ")} stand at the root`;
  }
  const isListed = top in LAYERS || top === TOOLS_FOLDER || OUTER_FOLDERS.includes(top);
  return isListed ? undefined : `the folder "${top}" is not in tools/layer_table.ts`;
}

function importBreach(path: string, specifier: string): string | undefined {
  const target = importTarget(path, specifier);
  switch (target.kind) {
    case "refused":
      return target.why;
    case "builtin":
      return builtinBreach(path, target.name);
    case "package":
      return packageBreach(path, target.name);
    case "file":
      return fileBreach(path, target.path);
  }
}

function builtinBreach(path: string, name: string): string | undefined {
  const folder = topFolder(path);
  if (PURE_FOLDERS.includes(folder) && isTestFile(path)) {
    return PURE_TEST_BUILTINS.includes(name)
      ? undefined
      : `tests of ${folder}/ may import of the runtime only ${PURE_TEST_BUILTINS.join(", ")}`;
  }
  if (isTestFile(path) || LAYERS[folder]?.builtins !== "none") return undefined;
  return `${folder}/ is pure and may import nothing of the runtime`;
}

function packageBreach(path: string, name: string): string | undefined {
  const folder = topFolder(path);
  const layer = LAYERS[folder];
  if (folder === TOOLS_FOLDER) {
    return TEST_PACKAGES.includes(name) ? undefined : `tools/ may import only ${TEST_PACKAGES.join(", ")}`;
  }
  if (PURE_FOLDERS.includes(folder) && isTestFile(path)) {
    return TEST_PACKAGES.includes(name)
      ? undefined
      : `tests of ${folder}/ may import only ${TEST_PACKAGES.join(", ")}`;
  }
  if (layer === undefined || isTestFile(path)) {
    const isForTests = [...TEST_PACKAGES, ...OUTER_PACKAGES].includes(name);
    return COMPOSITION_ROOTS.includes(path) && isForTests ? `${name} is for tests only` : undefined;
  }
  const allowed = [...layer.packages, ...(ADAPTERS[adapterFolder(path)]?.packages ?? [])];
  return allowed.includes(name)
    ? undefined
    : `${placeName(path)} may import ${listOrNone(allowed, "package")}`;
}

function fileBreach(path: string, target: string): string | undefined {
  const folder = topFolder(path);
  const targetFolder = topFolder(target);
  if (PURE_FOLDERS.includes(folder) && isTestFile(path)) {
    const allowed = [folder, ...(LAYERS[folder]?.folders ?? [])];
    return allowed.includes(targetFolder) ? undefined : `tests of ${folder}/ stay within ${slashed(allowed)}`;
  }
  if (isTestFile(path) || OUTER_FOLDERS.includes(folder)) return undefined;
  if (isTestFile(target)) return "only tests may import a test";
  if (folder === TOOLS_FOLDER) {
    return targetFolder === folder ? undefined : "tools/ may import nothing of the program";
  }
  if (COMPOSITION_ROOTS.includes(path)) {
    return targetFolder in LAYERS ? undefined : `${path} may import only the layers of the program`;
  }
  if (PORT_FILES.includes(path)) {
    const isAllowed = targetFolder === "engine" || PORT_FILES.includes(target);
    return isAllowed ? undefined : "a port may import only engine/ and other ports";
  }
  const layer = LAYERS[folder];
  return layer === undefined ? undefined : layerBreach(path, target, layer);
}

function layerBreach(path: string, target: string, layer: Layer): string | undefined {
  const folder = topFolder(path);
  const targetFolder = topFolder(target);
  if (targetFolder === folder) {
    const isOther = adapterFolder(path) !== adapterFolder(target) && adapterFolder(target) !== "";
    const isAdapter = ADAPTER_PARENTS.includes(folder);
    return isAdapter && isOther
      ? `adapters share no code: only ${adapterFolder(target)}/ may import this`
      : undefined;
  }
  const folders = [...layer.folders, ...(ADAPTERS[adapterFolder(path)]?.folders ?? [])];
  if (folders.includes(targetFolder) || layer.files.includes(target)) return undefined;
  const files = layer.files.length === 0
    ? ""
    : `${folders.length === 0 ? "" : " and "}${layer.files.join(", ")}`;
  return `${placeName(path)} may import ${
    folders.length + layer.files.length === 0 ? "no other folder" : slashed(folders) + files
  }`;
}

function topFolder(path: string): string {
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : "";
}

/** The folder of the second level that holds `path`, empty when it lies in the first. */
function adapterFolder(path: string): string {
  const parts = path.split("/");
  return parts.length < 3 ? "" : parts.slice(0, 2).join("/");
}

function placeName(path: string): string {
  const adapter = adapterFolder(path);
  return `${adapter in ADAPTERS ? adapter : topFolder(path)}/`;
}

function slashed(folders: readonly string[]): string {
  return folders.map((name) => `${name}/`).join(", ");
}

function listOrNone(names: readonly string[], what: string): string {
  return names.length === 0 ? `no ${what}` : `of packages only ${names.join(", ")}`;
}
