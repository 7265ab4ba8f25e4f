import { notStrictEqual, strictEqual } from "node:assert/strict";
import { loadSha256 } from "../trust/sha256.ts";
import { recordLeaf, recordRoot, recordSiblings, rootOverRecord } from "./record_tree.ts";

const SHA256 = await loadSha256();

Deno.test("recordRoot() is the tree of RFC 6962 section 2.1", () => {
  const [a, b, c] = hashes(3);
  const leaf = (text: string | undefined) => SHA256(Uint8Array.fromHex(`00${text}`));
  const node = (left: string, right: string) => SHA256(Uint8Array.fromHex(`01${left}${right}`));
  strictEqual(recordLeaf(SHA256, a ?? ""), leaf(a));
  strictEqual(recordRoot(SHA256, []), SHA256(new Uint8Array()));
  strictEqual(recordRoot(SHA256, hashes(1)), leaf(a));
  strictEqual(recordRoot(SHA256, hashes(3)), node(node(leaf(a), leaf(b)), leaf(c)));
});

Deno.test("each record of a log is proven by its siblings, at its own place only", () => {
  for (const count of [1, 2, 3, 7, 8, 9, 33]) {
    const all = hashes(count);
    const root = recordRoot(SHA256, all);
    for (const [index, hash] of all.entries()) {
      const siblings = recordSiblings(SHA256, all, index);
      strictEqual(rootOverRecord(SHA256, hash, { index, count }, siblings), root);
      const other = { index: (index + 1) % count, count };
      if (count > 1) notStrictEqual(rootOverRecord(SHA256, hash, other, siblings), root);
      notStrictEqual(rootOverRecord(SHA256, "ff".repeat(32), { index, count }, siblings), root);
    }
  }
});

function hashes(count: number): readonly string[] {
  return Array.from({ length: count }, (_, nth) => nth.toString(16).padStart(2, "0").repeat(32));
}
