import { type LockedPackage, originOf } from "./cargo_lock.ts";
import type { CrateList } from "./crate_list.ts";

/**
 * The crates that a lock file names: of all features and platforms, and those of tests too, so that it may be more than a
 * program is made of. Nothing is known of their licences.
 */
export function cratesOfLock(packages: readonly LockedPackage[]): CrateList {
  const relied = new Set(packages.flatMap(({ dependencies }) => dependencies));
  return {
    teller: "lock",
    crates: packages.map(({ checksum, dependencies, name, source, version }) => ({
      name,
      version,
      origin: originOf(source),
      source,
      sha256: checksum,
      licence: { kind: "unasked" },
      scope: undefined,
      relies: dependencies,
    })),
    roots: packages.flatMap(({ source }, index) => source === undefined && !relied.has(index) ? [index] : []),
  };
}
