import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { compareText } from "./text_order.ts";

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.array(fc.constantFrom("a", "\ud7ff", "\ue000", "\uffff", "\u{10000}", "\u{10ffff}", "Z", "ä"), {
    maxLength: 4,
  })
    .map((characters) => characters.join("")),
);

Deno.test("compareText() is the order of the code points", () => {
  fc.assert(fc.property(text, text, (left, right) => {
    strictEqual(Math.sign(compareText(left, right)), compareCodePoints([...left], [...right]));
  }));
});

Deno.test("compareText() puts characters above the basic plane after all others", () => {
  const sorted = ["\u{10000}", "\uffff", "", "a", "Z", "aa", "\ue000", "\ud7ff"].sort(compareText);
  deepStrictEqual(sorted, ["", "Z", "a", "aa", "\ud7ff", "\ue000", "\uffff", "\u{10000}"]);
});

function compareCodePoints(left: readonly string[], right: readonly string[]): number {
  for (const [index, character] of left.entries()) {
    const other = right[index]?.codePointAt(0) ?? -1;
    const own = character.codePointAt(0) ?? -1;
    if (own !== other) return Math.sign(own - other);
  }
  return Math.sign(left.length - right.length);
}
