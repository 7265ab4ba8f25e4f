import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import type { Random } from "../engine/random.ts";
import { testFolder } from "./_test_folder.ts";
import { testBlobBackend } from "./blob_contract.ts";
import { FileBlobs } from "./file_blobs.ts";

const PERMISSION_BITS = 0o777;

testBlobBackend("FileBlobs", async () => {
  const folder = await testFolder();
  const random = countingRandom();
  return {
    open: () => new FileBlobs(join(folder.path, "deep", "blobs"), random),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
});

Deno.test("FileBlobs lets nobody but the owner in", async () => {
  await using folder = await testFolder();
  const root = join(folder.path, "blobs");
  await new FileBlobs(root, countingRandom()).putIfAbsent("1/k", new Uint8Array([1]));
  strictEqual(await modeOf(root), 0o700);
  strictEqual(await modeOf(join(root, "1")), 0o700);
  strictEqual(await modeOf(join(root, "1", "k")), 0o600);
});

Deno.test("FileBlobs does not show what a killed process has left half written", async () => {
  await using folder = await testFolder();
  const blobs = new FileBlobs(folder.path, countingRandom());
  await Deno.writeTextFile(join(folder.path, ".new-7"), "half");
  await blobs.putIfAbsent("a", new Uint8Array([1]));
  deepStrictEqual(await blobs.list(""), ["a"]);
});

Deno.test("FileBlobs leaves nothing beside the blob", async () => {
  await using folder = await testFolder();
  const blobs = new FileBlobs(folder.path, countingRandom());
  await blobs.putIfAbsent("a", new Uint8Array([1]));
  await blobs.putIfAbsent("a", new Uint8Array([2]));
  const names = (await Array.fromAsync(Deno.readDir(folder.path))).map((entry) => entry.name);
  deepStrictEqual(names, ["a"]);
});

Deno.test("FileBlobs never reads an error as nothing there", async () => {
  await using folder = await testFolder();
  const blobs = new FileBlobs(folder.path, countingRandom());
  await Deno.writeTextFile(join(folder.path, "a"), "");
  await rejects(blobs.get("a/b"));
  await rejects(new FileBlobs(join(folder.path, "a"), countingRandom()).list(""));
});

async function modeOf(path: string): Promise<number> {
  return ((await Deno.stat(path)).mode ?? 0) & PERMISSION_BITS;
}

/** No two drafts of a name. */
function countingRandom(): Random {
  let count = 0;
  return {
    bytes: (length) => {
      count += 1;
      return new Uint8Array(length).fill(count);
    },
  };
}
