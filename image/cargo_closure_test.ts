import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { cargoFolders } from "./cargo_closure.ts";

function member(name: string, paths: readonly string[]) {
  return {
    id: name,
    manifest_path: `/work/${name}/Cargo.toml`,
    dependencies: [{ name: "serde", kind: null }, ...paths.map((path) => ({ name: path, path, kind: null }))],
  };
}

const METADATA = {
  workspace_root: "/work",
  packages: [
    member("app", ["/work/core", "/elsewhere/lib"]),
    member("core", ["/work/app", "/work/macros"]),
    member("macros", []),
    member("other", ["/work/core"]),
  ],
};

Deno.test("cargoFolders() follows dependencies by path through the workspace, round in circles too", () => {
  deepStrictEqual(cargoFolders(METADATA, "app"), {
    root: "/work",
    inside: ["/elsewhere/lib", "/work/app", "/work/core", "/work/macros"],
    outside: ["/work/other"],
  });
  deepStrictEqual(cargoFolders(METADATA, "macros")?.inside, ["/work/macros"]);
});

Deno.test("cargoFolders() says nothing of what it cannot read", () => {
  strictEqual(cargoFolders(METADATA, "no-such"), undefined);
  strictEqual(cargoFolders(undefined, "app"), undefined);
  strictEqual(cargoFolders({ packages: [] }, "app"), undefined);
});
