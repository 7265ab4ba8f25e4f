import { deepStrictEqual, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { readFiles } from "./read_files.ts";

Deno.test("readFiles() puts nothing of smelt's own folder into an image: named, by a link, or in a folder", async () => {
  const folder = await Deno.makeTempDir({ prefix: "smelt-test-" });
  try {
    await Deno.mkdir(join(folder, ".smelt/keys"), { recursive: true });
    await Deno.writeTextFile(join(folder, ".smelt/keys/local.key"), "the key");
    await Deno.mkdir(join(folder, "site"));
    await Deno.writeTextFile(join(folder, "site/index.html"), "hello");
    await Deno.symlink(".smelt/keys/local.key", join(folder, "link"));
    for (const from of [".smelt", ".smelt/keys/local.key", "site/../.smelt/keys", "link", "."]) {
      const read = await readFiles(folder, [{ from, to: "/app" }]);
      match(read.ok ? "" : read.error.message, /: the folder \.smelt is smelt's own, and holds keys$/, from);
    }
    const read = await readFiles(folder, [{ from: "site", to: "/app" }]);
    ok(read.ok);
    deepStrictEqual(read.value.map(({ path }) => path), ["app/index.html"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
