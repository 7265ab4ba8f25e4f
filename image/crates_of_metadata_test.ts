import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { Json } from "../engine/json.ts";
import { cratesOfMetadata } from "./crates_of_metadata.ts";

const CRATES_IO = "registry+https://github.com/rust-lang/crates.io-index";
const SUM = "ab".repeat(32);

interface Edge {
  readonly to: string;
  readonly kinds: readonly (string | null)[];
}

/** What cargo would print: `app` and crates of the registry. */
function metadata(edges: Readonly<Record<string, readonly Edge[]>>, macros: readonly string[] = []): Json {
  const names = Object.keys(edges);
  return {
    packages: names.map((name) => ({
      id: name,
      name,
      version: "1.0.0",
      source: name === "app" ? null : CRATES_IO,
      license: name === "odd" ? null : "MIT/Apache-2.0",
      license_file: name === "odd" ? "LICENCE" : null,
      manifest_path: `/src/${name}/Cargo.toml`,
      targets: [{ name, kind: [macros.includes(name) ? "proc-macro" : "lib"] }],
    })),
    resolve: {
      nodes: names.map((name) => ({
        id: name,
        deps: (edges[name] ?? []).map(({ kinds, to }) => ({
          name: to,
          pkg: to,
          dep_kinds: kinds.map((kind) => ({ kind, target: null })),
        })),
      })),
    },
  };
}

function normal(to: string): Edge {
  return { to, kinds: [null] };
}

/** `name scope -> what it relies on` of each crate. */
function crates(of: Json, compiled: readonly string[]): readonly string[] {
  const locked = [{ name: "a", version: "1.0.0", source: CRATES_IO, checksum: SUM, dependencies: [] }];
  const found = cratesOfMetadata({ metadata: of, packageId: "app", compiled: new Set(compiled), locked });
  if (!found.ok) return [found.error];
  const { list } = found.value;
  return list.crates.map(({ name, relies, scope }) =>
    `${name} ${scope} -> ${relies.map((each) => list.crates[each]?.name).join(",")}`
  );
}

Deno.test("cratesOfMetadata() lists what was compiled and nothing else, and excludes what only ran meanwhile", () => {
  const graph = metadata({
    app: [
      normal("a"),
      { to: "b", kinds: ["build"] },
      { to: "t", kinds: ["dev"] },
      normal("m"),
      normal("off"),
    ],
    a: [normal("c")],
    b: [normal("c"), normal("d")],
    c: [],
    d: [],
    m: [normal("d")],
    off: [],
    t: [],
  }, ["m"]);
  deepStrictEqual(crates(graph, ["app", "a", "b", "c", "d", "m"]), [
    "app required -> a,b,m",
    "a required -> c",
    "b excluded -> c,d",
    "c required -> ",
    "d excluded -> ",
    "m excluded -> d",
  ]);
});

Deno.test("cratesOfMetadata() keeps a crate that is in the program and ran meanwhile as required", () => {
  const both = metadata({ app: [{ to: "a", kinds: ["build", null] }], a: [] });
  deepStrictEqual(crates(both, ["app", "a"]), ["app required -> a", "a required -> "]);
});

Deno.test("cratesOfMetadata() takes digests from the lock, and tells licences as the packages do", () => {
  const graph = metadata({ app: [normal("a"), normal("odd")], a: [], odd: [] });
  const locked = [{ name: "a", version: "1.0.0", source: CRATES_IO, checksum: SUM, dependencies: [] }];
  const compiled = new Set(["app", "a", "odd"]);
  const found = cratesOfMetadata({ metadata: graph, packageId: "app", compiled, locked });
  ok(found.ok);
  deepStrictEqual(
    found.value.list.crates.map(({ licence, name, origin, sha256 }) => [name, origin, sha256, licence]),
    [
      ["app", "path", undefined, { kind: "expression", text: "MIT OR Apache-2.0" }],
      ["a", "crates.io", SUM, { kind: "expression", text: "MIT OR Apache-2.0" }],
      ["odd", "crates.io", undefined, { kind: "file", name: "LICENCE", sha256: undefined }],
    ],
  );
  deepStrictEqual(found.value.licenceFiles, [{
    crate: 2,
    manifestPath: "/src/odd/Cargo.toml",
    name: "LICENCE",
  }]);
});

Deno.test("cratesOfMetadata() refuses an answer that does not know what was compiled", () => {
  const graph = metadata({ app: [], a: [] });
  match(crates(graph, ["app", "zlib"])[0] ?? "", /does not name "zlib", which was compiled/);
  match(crates(graph, ["a"])[0] ?? "", /does not name the package of the program/);
  strictEqual(crates({}, ["app"]).length, 1);
});
