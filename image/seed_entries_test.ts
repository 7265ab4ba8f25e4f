import { deepStrictEqual } from "node:assert/strict";
import type { BuiltPackage, CargoOutcome } from "./cargo_messages.ts";
import { isSeedEntry } from "./seed_entries.ts";

function built(name: string, origin: BuiltPackage["origin"], crates: readonly string[]): BuiltPackage {
  return { id: name, name, origin, folder: "/x", isFresh: false, crates };
}

const OUTCOME: CargoOutcome = {
  executables: new Map(),
  scriptFolders: [],
  packages: [
    built("serde-json", "fixed", ["serde_json"]),
    built("tls", "fixed", ["tls", "build_script_build"]),
    built("twin", "fixed", ["twin"]),
    built("libz", "fixed", ["libz"]),
    built("web", "path", ["web", "web_core", "build_script_build"]),
    built("my-twin", "path", ["twin"]),
    built("twin-name", "path", ["other"]),
  ],
};
const HASH = "0123456789abcdef";

Deno.test("isSeedEntry() takes work on packages that never change, and nothing of a folder of this machine", () => {
  const taken = (folder: string, names: readonly string[]) =>
    names.filter((name) => isSeedEntry(folder, name, OUTCOME));
  const packages = ["serde-json", "tls", "web", "my-twin", "twin-name", "unknown"].map((each) =>
    `${each}-${HASH}`
  );
  for (const folder of [".fingerprint", "build"]) {
    deepStrictEqual(taken(folder, [...packages, "serde-json", `serde_json-${HASH}`]), packages.slice(0, 2));
  }
  const libraries = [
    `libserde_json-${HASH}.rlib`,
    `libserde_json-${HASH}.rmeta`,
    `serde_json-${HASH}.d`,
    `liblibz-${HASH}.so`,
  ];
  const mine = [
    `libweb-${HASH}.rlib`,
    `web-${HASH}`,
    `web_core-${HASH}.d`,
    `libtwin-${HASH}.rlib`,
    `libunknown-${HASH}.rlib`,
  ];
  deepStrictEqual(taken("deps", [...libraries, ...mine, "libserde_json.rlib"]), libraries);
  deepStrictEqual(taken("incremental", packages), []);
});
