import type { CargoOutcome } from "./cargo_messages.ts";

/** Folders of a build with work on one package each. */
const PACKAGE_FOLDERS: ReadonlySet<string> = new Set([".fingerprint", "build"]);
/** The folder of a build with libraries of all packages. */
const LIBRARY_FOLDER = "deps";
/** Folders below that of a profile which may hold what another build can use. */
export const SEED_FOLDERS: readonly string[] = [...PACKAGE_FOLDERS, LIBRARY_FOLDER];

const PACKAGE_REGEXP = /^(.+)-[0-9a-f]{16}$/;
const LIBRARY_REGEXP = /^(.+)-[0-9a-f]{16}(?:\.[a-z]+)?$/;

/**
 * Whether an entry of such a folder may be used by another build: it is of a package that never changes, and of no package of
 * this machine's. Cargo takes those for unchanged by the times of files, which say nothing about another clone's.
 */
export function isSeedEntry(folder: string, name: string, { packages }: CargoOutcome): boolean {
  const [fixed, changing] = ["fixed", "path"].map((origin) =>
    packages.filter((each) => each.origin === origin)
  );
  if (PACKAGE_FOLDERS.has(folder)) {
    const owner = PACKAGE_REGEXP.exec(name)?.[1];
    const isOwner = (each: { readonly name: string }) => each.name === owner;
    return (fixed ?? []).some(isOwner) && !(changing ?? []).some(isOwner);
  }
  const crate = folder === LIBRARY_FOLDER ? LIBRARY_REGEXP.exec(name)?.[1] : undefined;
  if (crate === undefined) return false;
  // A library `x` is the file `libx`, as is a program `libx`.
  const crates = [crate, crate.replace(/^lib/, "")];
  const isOwner = (each: { readonly crates: readonly string[] }) =>
    crates.some((one) => each.crates.includes(one));
  return (fixed ?? []).some(isOwner) && !(changing ?? []).some(isOwner);
}
