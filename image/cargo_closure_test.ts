import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { cargoFolders } from "./cargo_closure.ts";

function member(name: string, paths: readonly string[]) {
  return {
    id: name,
    manifest_path: `/ws/${name}/Cargo.toml`,
    dependencies: [{ name: "serde", kind: null }, ...paths.map((path) => ({ name: path, path, kind: null }))],
  };
}

const METADATA = {
  workspace_root: "/ws",
  packages: [
    member("app", ["/ws/core", "/elsewhere/lib"]),
    member("core", ["/ws/app", "/ws/macros"]),
    member("macros", []),
    member("other", ["/ws/core"]),
  ],
};

Deno.test("cargoFolders() follows dependencies by path through the workspace, round in circles too", () => {
  deepStrictEqual(cargoFolders(METADATA, "app"), {
    root: "/ws",
    inside: ["/elsewhere/lib", "/ws/app", "/ws/core", "/ws/macros"],
    outside: ["/ws/other"],
  });
  deepStrictEqual(cargoFolders(METADATA, "macros")?.inside, ["/ws/macros"]);
});

Deno.test("cargoFolders() says nothing of what it cannot read", () => {
  strictEqual(cargoFolders(METADATA, "no-such"), undefined);
  strictEqual(cargoFolders(undefined, "app"), undefined);
  strictEqual(cargoFolders({ packages: [] }, "app"), undefined);
});
