import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { Json, JsonObject } from "../engine/json.ts";
import { crateContents } from "./bom_contents.ts";
import type { Crate, CrateList } from "./crate_list.ts";
import { digestOf } from "./digest.ts";
import { type BomImage, imageBom } from "./image_bom.ts";
import type { Licence } from "./licence.ts";
import { cyclonedx } from "./sbom_cyclonedx.ts";
import { spdx } from "./sbom_spdx.ts";
import { sha256 } from "./sha256_fixture_test.ts";

const TOOL = { version: "1.2.3", sha256 };

function digest(text: string): ReturnType<typeof digestOf> {
  return digestOf(sha256, new TextEncoder().encode(text));
}

function crate(name: string, changes: Partial<Crate> = {}): Crate {
  return {
    name,
    version: "1.0.0",
    origin: "crates.io",
    source: "registry+https://github.com/rust-lang/crates.io-index",
    sha256: undefined,
    licence: { kind: "missing" },
    scope: "required",
    relies: [],
    ...changes,
  };
}

function image(list: CrateList, changes: Partial<BomImage> = {}): BomImage {
  return {
    name: "Web",
    platform: { os: "linux", architecture: "amd64", variant: undefined },
    digest: digest("manifest"),
    programs: [{
      path: "/app/web",
      sha256: "ab".repeat(32),
      linkage: "static",
      libraries: [],
      contents: crateContents(list),
      rust: { version: "1.95.0", commit: "59807616e1fa2540724bfbac14d7976d7e4a3860", host: undefined },
      libc: { name: "musl", version: undefined },
    }],
    files: [],
    base: undefined,
    epoch: undefined,
    ...changes,
  };
}

function withLicence(licence: Licence): BomImage {
  return image({ crates: [crate("a", { licence })], roots: [0], teller: "cargo" });
}

function partIn(document: JsonObject, list: string, name: string): JsonObject {
  const parts = document[list];
  const found = Array.isArray(parts)
    ? parts.find((each: Json) => (each as JsonObject)["name"] === name) as JsonObject | undefined
    : undefined;
  ok(found !== undefined, name);
  return found;
}

Deno.test("each kind of licence is told as what it is, in both formats", () => {
  const kinds: readonly (readonly [Licence, cyclonedx: Json, spdx: Json, comment: RegExp])[] = [
    [{ kind: "expression", text: "MIT" }, [{ expression: "MIT" }], "MIT", /^$/],
    [{ kind: "named", text: "odd" }, [{ license: { name: "odd" } }], "NOASSERTION", /says "odd"/],
    [
      { kind: "file", name: "COPYING", sha256: "cd" },
      [{ license: { name: "see the file COPYING of the package" } }],
      "NOASSERTION",
      /"COPYING", SHA-256 cd$/,
    ],
    [{ kind: "missing" }, null, "NONE", /^$/],
    [{ kind: "unasked" }, null, "NOASSERTION", /^$/],
    [
      { kind: "expression", text: "DocumentRef-x:LicenseRef-y" },
      [{ expression: "DocumentRef-x:LicenseRef-y" }],
      "NOASSERTION",
      /DocumentRef-x/,
    ],
  ];
  for (const [licence, listed, declared, comment] of kinds) {
    const bom = imageBom(withLicence(licence));
    const component = partIn(cyclonedx(bom, TOOL), "components", "a");
    deepStrictEqual(component["licenses"] ?? null, listed);
    const told = partIn(spdx(bom, TOOL), "packages", "a");
    strictEqual(told["licenseDeclared"], declared);
    match(String(told["licenseComments"] ?? ""), comment);
  }
});

Deno.test("a licence of a package's own gets its entry in SPDX, which asks for one", () => {
  const bom = imageBom(withLicence({ kind: "expression", text: "LicenseRef-Own OR MIT" }));
  const listed = spdx(bom, TOOL)["hasExtractedLicensingInfos"] as readonly JsonObject[];
  deepStrictEqual(listed.map(({ licenseId }) => licenseId), ["LicenseRef-Own"]);
});

Deno.test("crates of one name and version from different places are told apart, and name their places", () => {
  const git = "git+https://github.com/me/a?branch=main#0123456789012345678901234567890123456789";
  const list: CrateList = {
    crates: [
      crate("app", { origin: "path", source: undefined, relies: [1, 2, 3, 4] }),
      crate("a"),
      crate("a", { origin: "git", source: git }),
      crate("a", { origin: "registry", source: "sparse+https://crates.example/index/" }),
      crate("a", { origin: "path", source: undefined }),
    ],
    roots: [0],
    teller: "cargo",
  };
  const document = cyclonedx(imageBom(image(list)), TOOL);
  const refs = (document["components"] as readonly JsonObject[]).map((each) => each["bom-ref"]);
  deepStrictEqual(refs, [
    "file:/app/web",
    "rust-std",
    "libc-musl",
    "pkg:cargo/app@1.0.0",
    "pkg:cargo/a@1.0.0",
    "pkg:cargo/a@1.0.0?vcs_url=git%2Bhttps%3A//github.com/me/a%400123456789012345678901234567890123456789",
    "pkg:cargo/a@1.0.0?repository_url=https%3A//crates.example/index/",
    "pkg:cargo/a@1.0.0#2",
  ]);
  const told = (spdx(imageBom(image(list)), TOOL)["packages"] as readonly JsonObject[])
    .filter(({ name }) => name === "a").map(({ downloadLocation }) => downloadLocation);
  deepStrictEqual(told, [
    "https://crates.io/api/v1/crates/a/1.0.0/download",
    "git+https://github.com/me/a@0123456789012345678901234567890123456789",
    "NOASSERTION",
    "NOASSERTION",
  ]);
});

Deno.test("an image is named by its digest and processor, its base by the registry that it is in", () => {
  const base = {
    name: "cgr.dev/chainguard/static:latest",
    digest: digest("base"),
    from: "registry",
  } as const;
  const list: CrateList = { crates: [crate("app")], roots: [0], teller: "program" };
  const document = cyclonedx(imageBom(image(list, { base, epoch: 0 })), TOOL);
  const subject = (document["metadata"] as JsonObject)["component"] as JsonObject;
  const hex = (text: string) => digest(text).slice("sha256:".length);
  strictEqual(subject["purl"], `pkg:oci/web@sha256%3A${hex("manifest")}?arch=amd64`);
  strictEqual(
    partIn(document, "components", base.name)["purl"],
    `pkg:oci/static@sha256%3A${hex("base")}?repository_url=cgr.dev/chainguard/static&tag=latest`,
  );
  strictEqual((document["metadata"] as JsonObject)["timestamp"], "1970-01-01T00:00:00Z");
  deepStrictEqual(
    (document["compositions"] as readonly JsonObject[]).map(({ aggregate }) => aggregate),
    ["unknown", "unknown"],
  );
});
