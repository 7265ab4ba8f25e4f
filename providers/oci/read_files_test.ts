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

Deno.test("readFiles() puts no key into an image by a hard link, or from where the own folder is a link to", async () => {
  const folder = await Deno.makeTempDir({ prefix: "smelt-test-" });
  try {
    await Deno.mkdir(join(folder, "stuff/keys"), { recursive: true });
    await Deno.writeTextFile(join(folder, "stuff/keys/local.key"), "the key");
    await Deno.symlink("stuff", join(folder, ".smelt"));
    await Deno.mkdir(join(folder, "site"));
    await Deno.writeTextFile(join(folder, "a.txt"), "hello");
    await Deno.link(join(folder, "a.txt"), join(folder, "b.txt"));
    ok((await readFiles(folder, [{ from: "b.txt", to: "/app" }])).ok);
    await Deno.link(join(folder, "stuff/keys/local.key"), join(folder, "site/index.html"));
    for (const from of ["site", "site/index.html", "stuff", "stuff/keys/local.key"]) {
      const read = await readFiles(folder, [{ from, to: "/app" }]);
      match(read.ok ? "" : read.error.message, /: the folder \.smelt is smelt's own, and holds keys$/, from);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
