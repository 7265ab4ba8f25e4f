import { err, ok, type Result } from "../engine/result.ts";
import { isTable, readTable, type Table } from "./toml_table.ts";
import { parseVersion } from "./version.ts";

/** A package of a `Cargo.lock`. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** Where it comes from; `undefined` for one that lies by its path. */
  readonly source: string | undefined;
  /** SHA-256 of its archive, in hex. */
  readonly checksum: string | undefined;
  /** Indexes of what it relies on, of all kinds and for all platforms. */
  readonly dependencies: readonly number[];
}

/** Where a package comes from. Advisories are about those of Rust's public registry. */
export type PackageOrigin = "crates.io" | "registry" | "git" | "path";

/** A lock file larger than this is none. */
export const LOCK_LIMIT_BYTES = 64 * 1024 * 1024;

const PUBLIC_SOURCES: ReadonlySet<string> = new Set([
  "registry+https://github.com/rust-lang/crates.io-index",
  "sparse+https://index.crates.io/",
  "registry+sparse+https://index.crates.io/",
]);
const CHECKSUM_REGEXP = /^[0-9a-f]{64}$/;

/** Says where a package comes from by the source that stands in its lock. */
export function originOf(source: string | undefined): PackageOrigin {
  if (source === undefined) return "path";
  if (PUBLIC_SOURCES.has(source)) return "crates.io";
  return source.startsWith("git+") ? "git" : "registry";
}

/** Reads a `Cargo.lock` of any version; the error says why it is none, as the end of a sentence. */
export function parseCargoLock(text: string): Result<readonly LockedPackage[], string> {
  const document = readTable(text);
  if (!document.ok) return document;
  const { package: tables = [], metadata } = document.value;
  if (!Array.isArray(tables) || !tables.every(isTable)) return err(`its "package" is no list of tables`);
  const packages: Named[] = [];
  for (const table of tables) {
    const read = readPackage(table, isTable(metadata) ? metadata : {});
    if (!read.ok) return read;
    packages.push(read.value);
  }
  return withDependencies(packages);
}

interface Named extends Omit<LockedPackage, "dependencies"> {
  /** As the file writes them: a name, with a version and a source where the name alone does not tell. */
  readonly relies: readonly string[];
}

function readPackage(table: Table, metadata: Table): Result<Named, string> {
  const { checksum, dependencies = [], name, source, version } = table;
  if (typeof name !== "string" || typeof version !== "string") {
    return err(`one of its packages has no name or no version`);
  }
  const label = `its package "${name}"`;
  if (parseVersion(version) === undefined) return err(`${label} has a version that is none: "${version}"`);
  if (source !== undefined && typeof source !== "string") return err(`${label} has a source that is no text`);
  if (!Array.isArray(dependencies) || !dependencies.every((each) => typeof each === "string")) {
    return err(`${label} relies on what is no list of names`);
  }
  // The first version of the format held checksums apart.
  const sum = checksum ?? metadata[`checksum ${name} ${version} (${source})`];
  if (sum !== undefined && sum !== "<none>" && (typeof sum !== "string" || !CHECKSUM_REGEXP.test(sum))) {
    return err(`${label} has a checksum that is no SHA-256`);
  }
  return ok({
    name,
    version,
    source,
    checksum: typeof sum === "string" && sum !== "<none>" ? sum : undefined,
    relies: dependencies,
  });
}

function withDependencies(packages: readonly Named[]): Result<readonly LockedPackage[], string> {
  const places = new Map<string, number>();
  for (const [index, { name, source = "", version }] of packages.entries()) {
    // As much of it as tells it from others; a source of git without its commit.
    const [bare = ""] = source.split("#");
    for (const text of [name, `${name} ${version}`, `${name} ${version} (${bare})`]) places.set(text, index);
  }
  const locked: LockedPackage[] = [];
  for (const { relies, ...each } of packages) {
    const found = relies.map((text) => places.get(text));
    const missing = found.indexOf(undefined);
    if (missing >= 0) {
      return err(`its package "${each.name}" relies on "${relies[missing]}", which is not in it`);
    }
    locked.push({ ...each, dependencies: found.filter((place) => place !== undefined) });
  }
  return ok(locked);
}
