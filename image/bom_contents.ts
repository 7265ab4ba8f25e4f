import { barePart, type BomAggregate, type BomNote, type BomPart } from "./bom.ts";
import type { Crate, CrateList } from "./crate_list.ts";
import type { Libc } from "./libc.ts";
import { cargoPurl, genericPurl } from "./purl.ts";
import type { RustRelease } from "./rust_release.ts";

/** What a program is made of, as parts. */
export interface ProgramContents {
  readonly parts: readonly BomPart[];
  /** Refs of those that the program names itself. */
  readonly tops: readonly string[];
  readonly aggregate: BomAggregate["aggregate"];
}

/** Of a program that says nothing, and of which nobody said anything. */
export const NO_CONTENTS: ProgramContents = { parts: [], tops: [], aggregate: "unknown" };

/** Who says it decides how far it may be believed that there is no more. */
const AGGREGATES: Readonly<Record<CrateList["teller"], BomAggregate["aggregate"]>> = {
  cargo: "complete",
  lock: "incomplete",
  program: "unknown",
};
const RUST_SOURCE = "git+https://github.com/rust-lang/rust";

/** The parts of a list of crates. */
export function crateContents({ crates, roots, teller }: CrateList): ProgramContents {
  const refs = refsOf(crates);
  const parts = crates.map((crate, index) =>
    barePart({
      ...crate,
      ref: refs[index] ?? "",
      role: "dependency",
      kind: roots.includes(index) ? "application" : "library",
      purl: cargoPurl(crate),
      relies: crate.relies.flatMap((each) => refs[each] ?? []),
      notes: crateNotes(crate),
    })
  );
  return { parts, tops: roots.flatMap((each) => refs[each] ?? []), aggregate: AGGREGATES[teller] };
}

/** The standard library of Rust, which no list of crates names. */
export function rustPart({ commit, version }: RustRelease): BomPart {
  const place = commit === undefined ? undefined : `${RUST_SOURCE}@${commit}`;
  return barePart({
    ref: "rust-std",
    role: "dependency",
    kind: "library",
    name: "std",
    version,
    purl: genericPurl("rust-std", version, { vcs_url: place }),
    licence: { kind: "expression", text: "MIT OR Apache-2.0" },
    scope: "required",
  });
}

/** The C library within a static program. */
export function libcPart({ name, version }: Libc): BomPart {
  return barePart({
    ref: `libc-${name}`,
    role: "dependency",
    kind: "library",
    name,
    version,
    purl: genericPurl(name, version),
    licence: { kind: "expression", text: name === "musl" ? "MIT" : "LGPL-2.1-or-later" },
    scope: "required",
    notes: version === undefined ? [["version", "unknown"]] : [],
  });
}

/** Package URLs, told apart where two are the same. */
function refsOf(crates: readonly Crate[]): readonly string[] {
  const counts = new Map<string, number>();
  return crates.map((crate) => {
    const purl = cargoPurl(crate);
    const count = (counts.get(purl) ?? 0) + 1;
    counts.set(purl, count);
    return count === 1 ? purl : `${purl}#${count}`;
  });
}

function crateNotes({ licence, origin }: Crate): readonly BomNote[] {
  return [
    ["origin", origin],
    ...(licence.kind === "missing" ? [["license", "missing"] as const] : []),
    ...(licence.kind === "file"
      ? [
        ["license-file", licence.name] as const,
        ["license-file-sha256", licence.sha256 ?? "unread"] as const,
      ]
      : []),
    ...(licence.kind === "named" ? [["license", "no expression of SPDX"] as const] : []),
  ];
}
