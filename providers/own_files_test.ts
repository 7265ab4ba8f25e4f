import { deepStrictEqual, rejects } from "node:assert/strict";
import { join } from "node:path";
import { isOwnFile } from "./own_files.ts";

/** Calls `work` with the real path of a new folder. */
async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "smelt-test-" }));
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Those of the paths that are judged as smelt's own. */
async function ownOf(root: string, paths: readonly string[]): Promise<readonly string[]> {
  const own: string[] = [];
  for (const path of paths) if (await isOwnFile(root, join(root, path))) own.push(path);
  return own;
}

Deno.test("isOwnFile() knows what is smelt's own by each part of its path, whether it is there or not", async () => {
  await inFolder(async (root) => {
    const own = [".smelt", ".smelt/keys/a.key", "a/.smelt", "a/b/.SMELT/x", "../other/.smelt/keys/a.key"];
    const free = ["", "a", "a/b.key", ".smelt2/a", "a.smelt", "../other/a"];
    deepStrictEqual(await ownOf(root, [...own, ...free]), own);
  });
});

Deno.test("isOwnFile() takes a project that lies below a folder of that name for no less than others", async () => {
  await inFolder(async (folder) => {
    const root = join(folder, ".smelt/shop");
    await Deno.mkdir(root, { recursive: true });
    deepStrictEqual(await ownOf(root, ["", "a.txt", ".smelt/a", "../a"]), [".smelt/a", "../a"]);
  });
});

Deno.test("isOwnFile() follows a link in the place of the folder, and finds the second name of a key there", async () => {
  await inFolder(async (folder) => {
    const root = join(folder, "shop");
    for (const path of ["shop", "stuff/keys", "stuffed"]) {
      await Deno.mkdir(join(folder, path), { recursive: true });
    }
    await Deno.symlink("../stuff", join(root, ".smelt"));
    await Deno.writeTextFile(join(folder, "stuff/keys/a.key"), "key");
    await Deno.writeTextFile(join(root, "b.txt"), "text");
    await Deno.link(join(folder, "stuff/keys/a.key"), join(root, "a.txt"));
    await Deno.link(join(root, "b.txt"), join(root, "c.txt"));
    const own = ["a.txt", "../stuff", "../stuff/log/x", "../stuff/keys/a.key"];
    deepStrictEqual(await ownOf(root, [...own, "b.txt", "c.txt", "../stuffed", "../stuffed/a"]), own);
  });
});

Deno.test("isOwnFile() takes a folder that cannot be looked at for no absent one", async () => {
  await inFolder(async (root) => {
    await Deno.symlink(".smelt", join(root, ".smelt"));
    await rejects(isOwnFile(root, join(root, "a.txt")));
  });
});
