import { isJsonObject, type Json, type JsonObject } from "../engine/json.ts";
import { nearName } from "../engine/near_name.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { objectsIn, parsedJson, textIn } from "./json_fields.ts";

/** Which program of a package is to be built, as it was asked for. */
export interface ProgramChoice {
  readonly package: string | undefined;
  readonly bin: string | undefined;
  readonly example: string | undefined;
}

/** A program of a package. */
export interface CargoProgram {
  /** As cargo's messages name it. */
  readonly packageId: string;
  /** Of its package, absolute. */
  readonly manifestPath: string;
  readonly package: string;
  readonly kind: "bin" | "example";
  readonly name: string;
}

/**
 * Chooses a program from what `cargo metadata --format-version 1 --no-deps` prints: the one asked for, else the package's
 * default, else its only one. The error names those that there are.
 */
export function chooseProgram(
  metadata: Json | undefined,
  manifest: string,
  choice: ProgramChoice,
): Result<CargoProgram, string> {
  const packages = isJsonObject(metadata) ? objectsIn(metadata, "packages") : [];
  const found = choosePackage(packages, manifest, choice.package);
  if (!found.ok) return found;
  const name = textIn(found.value, "name") ?? "";
  const kind = choice.example === undefined ? "bin" : "example";
  const names = targetNames(found.value, kind);
  const wanted = choice.example ?? choice.bin ?? textIn(found.value, "default_run");
  const chosen = wanted ?? (names.length === 1 ? names[0] : undefined);
  const has = names.length === 0
    ? `it has no ${kind}`
    : `it has ${names.map((each) => `"${each}"`).join(", ")}`;
  if (chosen === undefined) {
    return err(
      names.length === 0
        ? `the package "${name}" has no program`
        : `the package "${name}" has several programs: ${has}; name one with --bin`,
    );
  }
  if (!names.includes(chosen)) {
    return err(`the package "${name}" has no ${kind} "${chosen}": ${has}${meant(chosen, names)}`);
  }
  return ok({
    packageId: textIn(found.value, "id") ?? "",
    manifestPath: textIn(found.value, "manifest_path") ?? "",
    package: name,
    kind,
    name: chosen,
  });
}

/** The program that a build made, from the lines that `cargo build --message-format json` prints; `undefined` when it made none. */
export function builtExecutable(
  lines: readonly string[],
  { kind, name, packageId }: CargoProgram,
): string | undefined {
  for (const line of lines) {
    const message = parsedJson(line);
    if (!isJsonObject(message) || message["reason"] !== "compiler-artifact") continue;
    const { executable, package_id, target = null } = message;
    if (typeof executable !== "string" || package_id !== packageId || !isJsonObject(target)) continue;
    if (target["name"] === name && listIn(target, "kind").includes(kind)) return executable;
  }
  return undefined;
}

/** The packages that a build compiled, or had compiled already. */
export function compiledPackages(lines: readonly string[]): ReadonlySet<string> {
  const ids = lines.map(parsedJson).flatMap((message) => {
    if (!isJsonObject(message) || message["reason"] !== "compiler-artifact") return [];
    return typeof message["package_id"] === "string" ? [message["package_id"]] : [];
  });
  return new Set(ids);
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

function targetNames(found: JsonObject, kind: CargoProgram["kind"]): readonly string[] {
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
