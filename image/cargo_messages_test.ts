import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { outsidePackages, readOutcome } from "./cargo_messages.ts";
import type { CargoPrograms } from "./cargo_metadata.ts";

const WEB = "path+file:///w/web#0.1.0";
const PROGRAMS: CargoPrograms = {
  packageId: WEB,
  manifestPath: "/w/web/Cargo.toml",
  package: "web",
  kind: "bin",
  names: ["web"],
  workspaceRoot: "/w",
};

function artifact(
  id: string,
  target: { readonly name: string; readonly kind: readonly string[] },
  rest: Readonly<Record<string, unknown>> = {},
): string {
  return JSON.stringify({
    reason: "compiler-artifact",
    package_id: id,
    manifest_path: "/w/web/Cargo.toml",
    target,
    executable: null,
    fresh: false,
    ...rest,
  });
}

const BIN = { name: "web", kind: ["bin"] };

Deno.test("readOutcome() finds the very programs among cargo's messages", () => {
  const lines = [
    "not json",
    artifact("path+file:///w/other#0.1.0", BIN, { executable: "/t/other" }),
    artifact(WEB, { name: "web", kind: ["lib"] }),
    artifact(WEB, { name: "web", kind: ["example"] }, { executable: "/t/examples/web" }),
    artifact(WEB, { name: "api", kind: ["bin"] }, { executable: "/t/api" }),
    artifact(WEB, BIN, { executable: "/t/web" }),
    '{"reason":"build-finished","success":true}',
  ];
  const found = (programs: Partial<CargoPrograms>, count = lines.length) => [
    ...readOutcome(lines.slice(0, count), { ...PROGRAMS, ...programs }).executables,
  ];
  deepStrictEqual(found({}), [["web", "/t/web"]]);
  deepStrictEqual(found({}, 5), []);
  deepStrictEqual(found({ kind: "example" }), [["web", "/t/examples/web"]]);
  deepStrictEqual(found({ names: ["web", "api"] }), [["api", "/t/api"], ["web", "/t/web"]]);
});

Deno.test("readOutcome() tells packages that may change from those that never do, by every form of their ids", () => {
  const ids = {
    "registry+https://github.com/rust-lang/crates.io-index#serde-json@1.0.0": ["serde-json", "fixed"],
    "git+https://example.org/x/tool?rev=1#0a1b2c": ["tool", "fixed"],
    "path+file:///w/web#0.1.0": ["web", "path"],
    "path+file:///w/folder#named@0.1.0": ["named", "path"],
    "old 0.1.0 (registry+https://github.com/rust-lang/crates.io-index)": ["old", "fixed"],
    "mine 0.1.0 (path+file:///w/mine)": ["mine", "path"],
  };
  for (const [id, [name, origin]] of Object.entries(ids)) {
    const { packages } = readOutcome([artifact(id, { name: "a-b", kind: ["lib"] })], PROGRAMS);
    deepStrictEqual(packages.map((each) => [each.name, each.origin, each.crates]), [[name, origin, ["a_b"]]]);
  }
});

Deno.test("a package is fresh only when all of it is, and lies outside of the workspace by its folder alone", () => {
  const lines = [
    artifact(WEB, { name: "web", kind: ["lib"] }, { fresh: true }),
    artifact(WEB, BIN, { fresh: false }),
    artifact("path+file:///ww#0.1.0", BIN, { manifest_path: "/ww/Cargo.toml" }),
    artifact("registry+x#a@1.0.0", BIN, { manifest_path: "/home/a/Cargo.toml", fresh: true }),
    '{"reason":"build-script-executed","package_id":"registry+x#a@1.0.0","out_dir":"/t/build/a-1/out"}',
  ];
  const outcome = readOutcome(lines, PROGRAMS);
  deepStrictEqual(outcome.packages.map(({ isFresh }) => isFresh), [false, false, true]);
  deepStrictEqual(outsidePackages(outcome, PROGRAMS).map(({ folder }) => folder), ["/ww"]);
  strictEqual(outcome.scriptFolders[0]?.outFolder, "/t/build/a-1/out");
});
