import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import type { BlobBackend } from "./blob_backend.ts";

/** A store under test. Each `open` gives another client of the same store. */
export interface BlobStore extends AsyncDisposable {
  open(): BlobBackend;
}

const WRITER_COUNT = 12;
const BAD_NAMES = [
  "",
  "/",
  "a/",
  "/a",
  "a//b",
  "..",
  "../a",
  "a/../b",
  ".hidden",
  "a/.b",
  "A",
  "a b",
  "a\\b",
];

/** What every blob backend keeps, as tests. */
export function testBlobBackend(name: string, makeStore: () => Promise<BlobStore>): void {
  const test = (criterion: string, body: (store: BlobStore) => Promise<void>): void =>
    Deno.test(`${name} ${criterion}`, async () => {
      await using store = await makeStore();
      await body(store);
    });

  test("has nothing at first", async (store) => {
    strictEqual(await store.open().get("blobs/1/k"), undefined);
    deepStrictEqual(await store.open().list(""), []);
  });

  test("gives what was put, to every client", async (store) => {
    strictEqual(await store.open().putIfAbsent("blobs/1/k", bytesOf("one")), "stored");
    strictEqual(textOf(await store.open().get("blobs/1/k")), "one");
  });

  test("keeps what lies there", async (store) => {
    const blobs = store.open();
    await blobs.putIfAbsent("blobs/1/k", bytesOf("one"));
    strictEqual(await store.open().putIfAbsent("blobs/1/k", bytesOf("other")), "exists");
    strictEqual(textOf(await blobs.get("blobs/1/k")), "one");
  });

  test("stores the bytes of exactly one of many writers", async (store) => {
    const texts = Array.from({ length: WRITER_COUNT }, (_, nth) => `writer ${nth}`);
    const answers = await Promise.all(texts.map((text) => store.open().putIfAbsent("a/b", bytesOf(text))));
    const winners = texts.filter((_, nth) => answers[nth] === "stored");
    strictEqual(winners.length, 1);
    strictEqual(textOf(await store.open().get("a/b")), winners[0]);
    deepStrictEqual(await store.open().list(""), ["a/b"]);
  });

  test("lists by prefix, in code-point order", async (store) => {
    const blobs = store.open();
    for (const name of ["b/2", "a-1", "a/2/k", "a/10/k", "a/1"]) await blobs.putIfAbsent(name, bytesOf(name));
    deepStrictEqual(await blobs.list(""), ["a-1", "a/1", "a/10/k", "a/2/k", "b/2"]);
    deepStrictEqual(await blobs.list("a/1"), ["a/1", "a/10/k"]);
    deepStrictEqual(await blobs.list("c"), []);
  });

  test("removes, also what is not there", async (store) => {
    const blobs = store.open();
    await blobs.putIfAbsent("a/b", bytesOf("one"));
    await blobs.remove("a/b");
    await blobs.remove("a/b");
    await blobs.remove("c/d");
    strictEqual(await store.open().get("a/b"), undefined);
    strictEqual(await blobs.putIfAbsent("a/b", bytesOf("two")), "stored");
  });

  test("stores empty and large blobs as they are", async (store) => {
    const blobs = store.open();
    const large = new Uint8Array(2_000_000).fill(7);
    await blobs.putIfAbsent("empty", new Uint8Array());
    await blobs.putIfAbsent("large", large);
    deepStrictEqual(await blobs.get("empty"), new Uint8Array());
    deepStrictEqual(await blobs.get("large"), large);
  });

  test("keeps what it was given, whatever becomes of the caller's bytes", async (store) => {
    const blobs = store.open();
    const bytes = bytesOf("one");
    await blobs.putIfAbsent("a", bytes);
    bytes.fill(0);
    (await blobs.get("a"))?.fill(0);
    strictEqual(textOf(await blobs.get("a")), "one");
  });

  test("refuses names that could lead elsewhere", async (store) => {
    const blobs = store.open();
    for (const name of BAD_NAMES) {
      await rejects(blobs.get(name), /Cannot name a blob/);
      await rejects(blobs.putIfAbsent(name, bytesOf("x")), /Cannot name a blob/);
      await rejects(blobs.remove(name), /Cannot name a blob/);
    }
  });
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}
