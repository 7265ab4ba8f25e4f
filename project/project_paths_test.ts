import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { findProjectRoot, projectPaths, userStateFolder } from "./project_paths.ts";

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "smelt-" }));
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("findProjectRoot() takes the nearest folder above that holds smelt.toml", () =>
  inFolder(async (folder) => {
    const deep = join(folder, "a", "b");
    await Deno.mkdir(deep, { recursive: true });
    await Deno.writeTextFile(join(folder, "smelt.toml"), "");
    deepStrictEqual(await findProjectRoot(deep), { root: folder, hasConfig: true, unseenFolder: undefined });
    await Deno.writeTextFile(join(folder, "a", "smelt.toml"), "");
    strictEqual((await findProjectRoot(deep)).root, join(folder, "a"));
  }));

Deno.test("findProjectRoot() stops at a folder called smelt.toml, which nobody can read", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(join(folder, "a", "smelt.toml"), { recursive: true });
    await Deno.writeTextFile(join(folder, "smelt.toml"), "");
    strictEqual((await findProjectRoot(join(folder, "a"))).root, join(folder, "a"));
  }));

Deno.test("findProjectRoot() falls back to the working folder", () =>
  inFolder(async (folder) => {
    deepStrictEqual(await findProjectRoot(folder), {
      root: folder,
      hasConfig: false,
      unseenFolder: undefined,
    });
  }));

Deno.test("projectPaths() keeps everything under .smelt", () => {
  const paths = projectPaths("/p");
  strictEqual(paths.configFile, "/p/smelt.toml");
  deepStrictEqual(
    [
      paths.logFolder,
      paths.keyFolder,
      paths.blobFolder,
      paths.runFolder,
      paths.unsavedFolder,
      paths.simFolder,
    ],
    ["log", "keys", "blobs", "runs", "unsaved", "sim"].map((name) => `/p/.smelt/${name}`),
  );
});

Deno.test("userStateFolder() prefers SMELT_STATE_HOME, then XDG_STATE_HOME, then the home folder", () => {
  const variables = (record: Record<string, string>) => (name: string) => record[name];
  strictEqual(userStateFolder(variables({ SMELT_STATE_HOME: "/s", XDG_STATE_HOME: "/x", HOME: "/h" })), "/s");
  strictEqual(userStateFolder(variables({ XDG_STATE_HOME: "/x", HOME: "/h" })), "/x/smelt");
  strictEqual(
    userStateFolder(variables({ XDG_STATE_HOME: "relative", HOME: "/h" })),
    "/h/.local/state/smelt",
  );
  strictEqual(userStateFolder(variables({ SMELT_STATE_HOME: "", HOME: "/h" })), "/h/.local/state/smelt");
  strictEqual(userStateFolder(variables({})), undefined);
});
