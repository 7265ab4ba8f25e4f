import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { merkleGrowth, merkleSiblings, merkleTop, topOverLeaf } from "./merkle_tree.ts";

/** Shows the tree itself: what stands where in it can be read off. */
const pair = (left: string, right: string): string => `(${left}${right})`;

Deno.test("merkleTop() pairs neighbours and carries an odd one up", () => {
  const tops = ["", "a", "ab", "abc", "abcd", "abcde", "abcdefg"].map((text) => merkleTop([...text], pair));
  deepStrictEqual(tops, [
    undefined,
    "a",
    "(ab)",
    "((ab)c)",
    "((ab)(cd))",
    "(((ab)(cd))e)",
    "(((ab)(cd))((ef)g))",
  ]);
});

/** RFC 6962 section 2.1: the left half is the largest power of two below the count. */
function topOfRfc6962(leaves: readonly string[]): string {
  const [only = "", ...others] = leaves;
  if (others.length === 0) return only;
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return pair(topOfRfc6962(leaves.slice(0, half)), topOfRfc6962(leaves.slice(half)));
}

const LEAVES = fc.array(fc.stringMatching(/^[a-z]$/), { minLength: 1, maxLength: 70 });
const PLACED = LEAVES.chain((leaves) => fc.tuple(fc.constant(leaves), fc.nat(leaves.length - 1)));

Deno.test("merkleTop() has the shape of RFC 6962", () => {
  fc.assert(fc.property(LEAVES, (leaves) => strictEqual(merkleTop(leaves, pair), topOfRfc6962(leaves))));
});

Deno.test("topOverLeaf() comes from each leaf and its siblings to the top", () => {
  fc.assert(fc.property(PLACED, ([leaves, index]) => {
    const siblings = merkleSiblings(leaves, index, pair);
    const place = { index, count: leaves.length };
    strictEqual(topOverLeaf(leaves[index] ?? "", place, siblings, pair), merkleTop(leaves, pair));
  }));
});

Deno.test("topOverLeaf() comes to another top from another leaf, another place, or other siblings", () => {
  fc.assert(fc.property(PLACED, fc.nat(80), fc.nat(80), ([leaves, index], other, at) => {
    const top = merkleTop(leaves, pair);
    const siblings = merkleSiblings(leaves, index, pair);
    const leaf = leaves[index] ?? "";
    const count = leaves.length;
    notStrictEqual(topOverLeaf("X", { index, count }, siblings, pair), top);
    const altered = siblings.map((each, nth) => nth === at % siblings.length ? "X" : each);
    if (siblings.length > 0) notStrictEqual(topOverLeaf(leaf, { index, count }, altered, pair), top);
    notStrictEqual(topOverLeaf(leaf, { index, count }, [...siblings, "X"], pair), top);
    if (other !== index && leaves[other] !== leaf) {
      notStrictEqual(topOverLeaf(leaf, { index: other, count }, siblings, pair), top);
    }
  }));
});

Deno.test("topOverLeaf() refuses a place that is none", () => {
  for (const [index, count] of [[0, 0], [-1, 3], [3, 3], [0.5, 3], [Number.NaN, 3]] as const) {
    strictEqual(topOverLeaf("a", { index, count }, [], pair), undefined);
  }
});

Deno.test("merkleGrowth() gives the proofs of RFC 6962 section 2.1.3", () => {
  const leaves = [..."abcdefg"];
  deepStrictEqual(merkleGrowth(leaves, 3, pair), ["c", "d", "(ab)", "((ef)g)"]);
  deepStrictEqual(merkleGrowth(leaves, 4, pair), ["((ef)g)"]);
  deepStrictEqual(merkleGrowth(leaves, 6, pair), ["(ef)", "g", "((ab)(cd))"]);
  for (const size of [0, 7]) deepStrictEqual(merkleGrowth(leaves, size, pair), []);
});
