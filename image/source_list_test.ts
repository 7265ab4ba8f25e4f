import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import { sha256 } from "./sha256_fixture_test.ts";
import { changedFilesText, changedPaths, sourceDigest, type SourceFile } from "./source_list.ts";

const A: SourceFile = { path: "a.rs", type: "-", hash: "1".repeat(64) };
const B: SourceFile = { path: "b/c.rs", type: "x", hash: "2".repeat(64) };

Deno.test("sourceDigest() heeds path, content and type of each file, and not their order", () => {
  const digest = sourceDigest(sha256, [A, B]);
  strictEqual(sourceDigest(sha256, [B, A]), digest);
  const others: readonly (readonly SourceFile[])[] = [
    [A],
    [A, { ...B, path: "b.rs" }],
    [A, { ...B, hash: "3".repeat(64) }],
    [A, { ...B, type: "-" }],
    [A, { ...B, type: "l" }],
  ];
  for (const other of others) notStrictEqual(sourceDigest(sha256, other), digest);
  strictEqual(new Set(others.map((each) => sourceDigest(sha256, each))).size, others.length);
});

Deno.test("changedPaths() names what came, went and changed, in order", () => {
  const changed = { ...B, hash: "3".repeat(64) };
  const came = { ...A, path: "Z.rs" };
  deepStrictEqual(changedPaths([A, B], [changed, came]), ["Z.rs", "a.rs", "b/c.rs"]);
  deepStrictEqual(changedPaths([A, B], [B, A]), []);
});

Deno.test("changedFilesText() counts all and names three", () => {
  strictEqual(changedFilesText(["a"]), "1 file (a)");
  strictEqual(changedFilesText(["a", "b", "c", "d"]), "4 files (a, b, c, …)");
});
