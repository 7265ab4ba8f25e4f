import type { PackageOrigin } from "./cargo_lock.ts";
import type { Licence } from "./licence.ts";

/** A crate that a program is made of. */
export interface Crate {
  readonly name: string;
  readonly version: string;
  readonly origin: PackageOrigin;
  /** As a lock file writes it; `undefined` where it lies by its path, or where nobody knows more. */
  readonly source: string | undefined;
  /** Of its archive, in hex. */
  readonly sha256: string | undefined;
  readonly licence: Licence;
  /** `excluded`: it ran while the program was built, and is not in it. `undefined`: nobody said. */
  readonly scope: "required" | "excluded" | undefined;
  /** Indexes of what it relies on. */
  readonly relies: readonly number[];
}

/** All crates of a program. */
export interface CrateList {
  readonly crates: readonly Crate[];
  /** Indexes of those that nothing else of the list brings: the program's own. */
  readonly roots: readonly number[];
  /** Who says it: cargo of what it compiled, the lock file alone, or the program itself. */
  readonly teller: "cargo" | "lock" | "program";
}

/** Leaves only those that are reached from some, with their indexes moved. */
export function keepReached(list: CrateList): CrateList {
  const reached = reachedFrom(list.roots, (index) => list.crates[index]?.relies ?? []);
  const places = new Map([...reached].toSorted((a, b) => a - b).map((index, place) => [index, place]));
  const moved = (indexes: readonly number[]) => indexes.flatMap((index) => places.get(index) ?? []);
  const crates = [...places.keys()].flatMap((index) => {
    const crate = list.crates[index];
    return crate === undefined ? [] : [{ ...crate, relies: moved(crate.relies) }];
  });
  return { ...list, crates, roots: moved(list.roots) };
}

/** All that some lead to, themselves included. */
export function reachedFrom(
  starts: readonly number[],
  next: (index: number) => readonly number[],
): ReadonlySet<number> {
  const reached = new Set<number>();
  const waiting = [...starts];
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    if (reached.has(index)) continue;
    reached.add(index);
    waiting.push(...next(index));
  }
  return reached;
}
