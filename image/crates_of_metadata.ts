import { isJsonObject, type Json, type JsonObject } from "../engine/json.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { type LockedPackage, originOf } from "./cargo_lock.ts";
import { type CrateList, keepReached, reachedFrom } from "./crate_list.ts";
import { objectIn, objectsIn, textIn } from "./json_fields.ts";
import { type Licence, parseLicence } from "./licence.ts";

/** What cargo says of the program that it built. */
export interface CargoAnswers {
  /** What `cargo metadata --format-version 1` prints. */
  readonly metadata: Json | undefined;
  /** The package of the program, as cargo names it. */
  readonly packageId: string;
  /** The packages that were compiled for it. */
  readonly compiled: ReadonlySet<string>;
  /** The lock file, for the digests of archives. */
  readonly locked: readonly LockedPackage[];
}

/** A file in which a package says what its licence is, and where it lies on this machine. */
export interface LicenceFile {
  /** Index of the crate. */
  readonly crate: number;
  readonly manifestPath: string;
  readonly name: string;
}

/** The crates, and the files that say more of their licences. */
export interface MetadataCrates {
  readonly list: CrateList;
  readonly licenceFiles: readonly LicenceFile[];
}

/**
 * The crates of a program: those that were compiled for it, and who relies on whom. What only ran while it was built, build
 * scripts' crates and procedural macros with all that is theirs, is excluded. The error ends a sentence.
 */
export function cratesOfMetadata(
  { compiled, locked, metadata, packageId }: CargoAnswers,
): Result<MetadataCrates, string> {
  const root = isJsonObject(metadata) ? metadata : {};
  const packages = objectsIn(root, "packages").filter((each) => compiled.has(textIn(each, "id") ?? ""));
  const places = new Map(packages.map((each, index) => [textIn(each, "id") ?? "", index]));
  const own = places.get(packageId);
  if (own === undefined) return err("it does not name the package of the program");
  const unknown = [...compiled].find((id) => !places.has(id));
  if (unknown !== undefined) return err(`it does not name "${unknown}", which was compiled`);
  const edges = edgesOf(root, packages, places);
  const required = reachedFrom([own], (index) => edges.normal[index] ?? []);
  const sums = new Map(
    locked.map((each) => [`${each.name} ${each.version} ${each.source ?? ""}`, each.checksum]),
  );
  const crates = packages.map((each, index) => {
    const [name = "", version = "", source] = [
      textIn(each, "name"),
      textIn(each, "version"),
      textIn(each, "source"),
    ];
    return {
      name,
      version,
      origin: originOf(source),
      source,
      sha256: sums.get(`${name} ${version} ${source ?? ""}`),
      licence: licenceOf(each),
      scope: required.has(index) ? "required" as const : "excluded" as const,
      relies: edges.all[index] ?? [],
    };
  });
  const list = keepReached({ crates, roots: [own], teller: "cargo" });
  return ok({ list, licenceFiles: licenceFilesOf(list, packages) });
}

interface Edges {
  readonly normal: readonly (readonly number[])[];
  readonly all: readonly (readonly number[])[];
}

function edgesOf(
  root: JsonObject,
  packages: readonly JsonObject[],
  places: ReadonlyMap<string, number>,
): Edges {
  const normal: number[][] = packages.map(() => []);
  const all: number[][] = packages.map(() => []);
  for (const node of objectsIn(objectIn(root, "resolve"), "nodes")) {
    const from = places.get(textIn(node, "id") ?? "");
    if (from === undefined) continue;
    for (const dependency of objectsIn(node, "deps")) {
      const to = places.get(textIn(dependency, "pkg") ?? "");
      const kinds = objectsIn(dependency, "dep_kinds").map(({ kind = null }) => kind);
      if (to === undefined || kinds.every((kind) => kind === "dev")) continue;
      all[from]?.push(to);
      if (kinds.includes(null) && !isMacro(packages[to])) normal[from]?.push(to);
    }
  }
  return { normal, all: all.map((each) => each.toSorted((a, b) => a - b)) };
}

/** A procedural macro runs within the compiler. */
function isMacro(found: JsonObject | undefined): boolean {
  return found !== undefined &&
    objectsIn(found, "targets").some(({ kind }) => Array.isArray(kind) && kind.includes("proc-macro"));
}

function licenceOf(found: JsonObject): Licence {
  const text = textIn(found, "license");
  const file = textIn(found, "license_file");
  if (text !== undefined) return parseLicence(text);
  return file === undefined ? { kind: "missing" } : { kind: "file", name: file, sha256: undefined };
}

function licenceFilesOf({ crates }: CrateList, packages: readonly JsonObject[]): readonly LicenceFile[] {
  return crates.flatMap(({ licence, name, source, version }, crate) => {
    if (licence.kind !== "file") return [];
    const found = packages.find((each) =>
      textIn(each, "name") === name && textIn(each, "version") === version &&
      textIn(each, "source") === source
    );
    const manifestPath = found === undefined ? undefined : textIn(found, "manifest_path");
    return manifestPath === undefined ? [] : [{ crate, manifestPath, name: licence.name }];
  });
}
