import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { type HiddenCiphertexts, hiddenCiphertexts } from "./hidden_ciphertexts.ts";

const KEY = "0a".repeat(16);
const OTHER = "0b".repeat(16);

/** Does `work` in a folder that holds a project's `root` with these files, each with a ciphertext under `KEY`. */
async function inProject(
  files: readonly string[],
  work: (root: string, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "smelt-test-" }));
  try {
    const root = join(folder, "root");
    for (const file of files) {
      await Deno.mkdir(join(root, file, ".."), { recursive: true });
      await Deno.writeTextFile(join(root, file), `# enc:smelt:1:${KEY}:AAAA enc:smelt:1:${KEY}:BBBB\n`);
    }
    await work(root, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function filesOf({ files }: HiddenCiphertexts, key = KEY): readonly string[] {
  return [...files.get(key) ?? []].sort();
}

Deno.test("hiddenCiphertexts() finds files that a command line could name, but for those that were read, and no others", async () => {
  const files = [
    ".a/x.smelt",
    "dist/b/x.smelt",
    ".#lock.smelt",
    "main.smelt",
    "sub/notes.txt",
    ".git/packed",
  ];
  await inProject(files, async (root) => {
    const found = await hiddenCiphertexts(root, new Set(["main.smelt"]));
    deepStrictEqual(filesOf(found), [".#lock.smelt", ".a/x.smelt", "dist/b/x.smelt"]);
    deepStrictEqual(filesOf(found, OTHER), []);
    deepStrictEqual(found.unseen, []);
  });
});

Deno.test("hiddenCiphertexts() looks once at what links lead to outside, and goes in no circle", async () => {
  await inProject(["main.smelt", "../out/deep/x.smelt", "../far/y.smelt"], async (root) => {
    await Deno.mkdir(join(root, "node_modules/a"), { recursive: true });
    await Deno.symlink("../../../out", join(root, "node_modules/a/b"));
    await Deno.symlink("../out", join(root, "again"));
    await Deno.symlink("..", join(root, "up"));
    await Deno.symlink(".", join(root, "self"));
    await Deno.symlink("nowhere", join(root, "gone"));
    await Deno.symlink("../far", join(root, "../out/further"));
    const found = await hiddenCiphertexts(root, new Set(["main.smelt"]));
    strictEqual(filesOf(found).length, 1);
    match(filesOf(found)[0] ?? "", /deep\/x\.smelt$/);
    deepStrictEqual(found.unseen, []);
  });
});

Deno.test("hiddenCiphertexts() says once where it ends, in a project that holds too much", async () => {
  await inProject([".a/1.smelt", ".a/2.smelt", ".b/3.smelt", "main.smelt"], async (root) => {
    const found = await hiddenCiphertexts(root, new Set(), 3);
    strictEqual(found.unseen.length, 1);
    match(found.unseen[0]?.why ?? "", /^the search for ciphertexts ends here/);
    deepStrictEqual((await hiddenCiphertexts(root, new Set(), 6)).unseen, []);
  });
});
