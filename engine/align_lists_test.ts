import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { alignLists } from "./align_lists.ts";

const letters = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 8 });

function isSame(old: string, now: string): boolean {
  return old === now;
}

/** The length of a longest common subsequence, the slow way. */
function longestCommon(before: readonly string[], after: readonly string[]): number {
  const [old, ...olds] = before;
  const [now, ...nows] = after;
  if (old === undefined || now === undefined) return 0;
  if (old === now) return 1 + longestCommon(olds, nows);
  return Math.max(longestCommon(olds, after), longestCommon(before, nows));
}

Deno.test("alignLists() tells every element once, in order, and lays as many equal ones together as there can be", () => {
  fc.assert(fc.property(letters, letters, (before, after) => {
    const places = alignLists(before, after, isSame);
    deepStrictEqual(places.flatMap((each) => each.before ?? []), [...before.keys()]);
    deepStrictEqual(places.flatMap((each) => each.after ?? []), [...after.keys()]);
    const together = places.filter((each) =>
      each.before !== undefined && each.after !== undefined && before[each.before] === after[each.after]
    );
    ok(together.length >= longestCommon(before, after));
  }));
});

Deno.test("alignLists() pairs by index what is too long to be compared with each other", () => {
  const before = Array.from({ length: 600 }, (_, index) => `${index}`);
  const after = before.map((each) => `new ${each}`);
  deepStrictEqual(
    alignLists(before, after, isSame),
    [...before.keys()].map((index) => ({ before: index, after: index })),
  );
});
