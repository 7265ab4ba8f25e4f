import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { readCyclonedx } from "./bom_reader.ts";

function bom(document: Readonly<Record<string, unknown>>): Uint8Array {
  return new TextEncoder().encode(
    JSON.stringify({ bomFormat: "CycloneDX", specVersion: "1.5", ...document }),
  );
}

function told(bytes: Uint8Array): string {
  const read = readCyclonedx(bytes);
  return read.ok ? "" : read.error;
}

Deno.test("readCyclonedx() reads what others write, nested components and several licences too", () => {
  const read = readCyclonedx(bom({
    metadata: {
      component: { "bom-ref": "main", name: "web", hashes: [{ alg: "SHA-256", content: "AB".repeat(32) }] },
    },
    components: [
      {
        type: "library",
        "bom-ref": "a",
        name: "a",
        version: "1.0.0",
        purl: "pkg:golang/example.com/a@1.0.0",
        licenses: [{ license: { id: "MIT" } }, { license: { name: "Odd" } }],
        components: [{ type: "file", name: "inner" }],
      },
      { type: "framework", "bom-ref": "b", name: "b", licenses: [{ expression: "MIT/Zlib" }] },
    ],
    dependencies: [{ ref: "main", dependsOn: ["a", "gone"] }, { ref: "a", dependsOn: ["b"] }],
  }));
  ok(read.ok);
  const { contents, packages, subjectSha256 } = read.value;
  strictEqual(subjectSha256, "ab".repeat(32));
  deepStrictEqual(contents.tops, ["a"]);
  deepStrictEqual(contents.parts.map(({ kind, licence, name, relies }) => [name, kind, relies, licence]), [
    ["a", "library", ["b"], { kind: "named", text: "(MIT) AND (Odd)" }],
    ["inner", "file", [], { kind: "unasked" }],
    ["b", "library", [], { kind: "expression", text: "MIT OR Zlib" }],
  ]);
  strictEqual(contents.aggregate, "unknown");
  deepStrictEqual(packages, []);
});

Deno.test("readCyclonedx() tells crates by their package URLs, whatever stands beside them", () => {
  const crate = (purl: string, more: Readonly<Record<string, unknown>> = {}) => ({
    type: "library",
    name: "x",
    purl,
    ...more,
  });
  const read = readCyclonedx(bom({
    components: [
      crate("pkg:cargo/time@0.1.45"),
      crate("pkg:cargo/zstd@1.0.0%2Bzstd.1.5?type=x"),
      crate("pkg:cargo/tool@1.0.0?vcs_url=git%2Bhttps://x"),
      crate("pkg:cargo/mine@1.0.0?repository_url=https://r"),
      crate("pkg:cargo/app@1.0.0", { properties: [{ name: "smelt:origin", value: "path" }] }),
      { type: "library", name: "std", version: "1.95.0", purl: "pkg:generic/rust-std@1.95.0" },
    ],
  }));
  ok(read.ok);
  deepStrictEqual(read.value.packages.map(({ name, origin, version }) => `${name} ${version} ${origin}`), [
    "time 0.1.45 crates.io",
    "zstd 1.0.0+zstd.1.5 crates.io",
    "tool 1.0.0 git",
    "mine 1.0.0 registry",
    "app 1.0.0 path",
  ]);
  strictEqual(read.value.rust, "1.95.0");
});

Deno.test("readCyclonedx() says what is wrong with a document", () => {
  match(told(new Uint8Array([0xff])), /it is no document in CycloneDX/);
  match(told(new TextEncoder().encode('{"spdxVersion":"SPDX-2.3"}')), /it is no document in CycloneDX/);
  match(told(bom({ components: {} })), /its components are no list/);
  match(told(bom({ components: [{ type: "library" }] })), /its component number 1 has no name/);
  match(
    told(bom({ components: [{ name: "a", "bom-ref": "a" }, { name: "b", "bom-ref": "a" }] })),
    /one bom-ref/,
  );
  match(told(bom({ components: [{ name: "a", purl: "pkg:cargo/a@latest" }] })), /is a crate of no version/);
});
