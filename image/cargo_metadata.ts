import { isJsonObject, type Json, type JsonObject } from "../engine/json.ts";
import { nearName } from "../engine/near_name.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { objectsIn, textIn } from "./json_fields.ts";

/** Which programs of a package are to be built, as it was asked for. */
export interface ProgramChoice {
  readonly package: string | undefined;
  /** At most one of the two lists has any. */
  readonly bins: readonly string[];
  readonly examples: readonly string[];
}

/** Programs of a package, built together. */
export interface CargoPrograms {
  /** As cargo's messages name it. */
  readonly packageId: string;
  /** Of its package, absolute. */
  readonly manifestPath: string;
  readonly package: string;
  readonly kind: "bin" | "example";
  /** At least one. */
  readonly names: readonly string[];
  /** The folder that all packages of the workspace lie in. */
  readonly workspaceRoot: string;
}

/**
 * Chooses programs from what `cargo metadata --format-version 1 --no-deps` prints: those asked for, else the package's
 * default, else its only one. The error names those that there are.
 */
export function choosePrograms(
  metadata: Json | undefined,
  manifest: string,
  choice: ProgramChoice,
): Result<CargoPrograms, string> {
  const packages = isJsonObject(metadata) ? objectsIn(metadata, "packages") : [];
  const found = choosePackage(packages, manifest, choice.package);
  if (!found.ok) return found;
  const kind = choice.examples.length > 0 ? "example" : "bin";
  const names = chooseNames(found.value, kind, kind === "bin" ? choice.bins : choice.examples);
  if (!names.ok) return names;
  return ok({
    packageId: textIn(found.value, "id") ?? "",
    manifestPath: textIn(found.value, "manifest_path") ?? "",
    package: textIn(found.value, "name") ?? "",
    kind,
    names: names.value,
    workspaceRoot: isJsonObject(metadata) ? textIn(metadata, "workspace_root") ?? "" : "",
  });
}

function chooseNames(
  found: JsonObject,
  kind: CargoPrograms["kind"],
  asked: readonly string[],
): Result<readonly string[], string> {
  const name = textIn(found, "name") ?? "";
  const names = targetNames(found, kind);
  const usual = textIn(found, "default_run") ?? (names.length === 1 ? names[0] : undefined);
  const wanted = asked.length > 0 ? [...new Set(asked)] : usual === undefined ? [] : [usual];
  const has = names.length === 0
    ? `it has no ${kind}`
    : `it has ${names.map((each) => `"${each}"`).join(", ")}`;
  if (wanted.length === 0) {
    return err(
      names.length === 0
        ? `the package "${name}" has no program`
        : `the package "${name}" has several programs: ${has}; name one with --bin or ?bin=NAME`,
    );
  }
  const absent = wanted.find((each) => !names.includes(each));
  return absent === undefined
    ? ok(wanted)
    : err(`the package "${name}" has no ${kind} "${absent}": ${has}${meant(absent, names)}`);
}

function choosePackage(
  packages: readonly JsonObject[],
  manifest: string,
  wanted: string | undefined,
): Result<JsonObject, string> {
  const names = packages.flatMap((each) => textIn(each, "name") ?? []);
  const has = names.map((each) => `"${each}"`).join(", ");
  if (wanted !== undefined) {
    const named = packages.find((each) => textIn(each, "name") === wanted);
    return named === undefined
      ? err(`there is no package "${wanted}": there are ${has}${meant(wanted, names)}`)
      : ok(named);
  }
  const own = packages.find((each) => textIn(each, "manifest_path") === manifest);
  if (own !== undefined) return ok(own);
  const [only] = packages;
  if (only !== undefined && packages.length === 1) return ok(only);
  return err(
    packages.length === 0
      ? "cargo knows no package there"
      : `it is a workspace of several packages: ${has}; name one with --package`,
  );
}

function targetNames(found: JsonObject, kind: CargoPrograms["kind"]): readonly string[] {
  return objectsIn(found, "targets")
    .filter((target) => listIn(target, "kind").includes(kind))
    .flatMap((target) => textIn(target, "name") ?? []);
}

function meant(name: string, names: readonly string[]): string {
  const near = nearName(name, names);
  return near === undefined ? "" : `; did you mean "${near}"?`;
}

function listIn(json: JsonObject, key: string): readonly Json[] {
  const value = json[key];
  return Array.isArray(value) ? value : [];
}
