import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { TextIndex } from "./text_index.ts";

Deno.test("TextIndex finds each of its texts at each place, the longest where several begin", () => {
  const index = new TextIndex(4);
  for (const text of ["abcd", "abcdef", "cdef", "ßßßß"]) index.add(text);
  deepStrictEqual(index.stretchesIn("xabcdefxabcdxßßßßß"), [
    { start: 1, end: 7 },
    { start: 3, end: 7 },
    { start: 8, end: 12 },
    { start: 13, end: 17 },
    { start: 14, end: 18 },
  ]);
  ok(!index.isIn("abc"));
  ok(!new TextIndex(8).isIn("anything at all"));
});

for (const length of [4, 8] as const) {
  Deno.test(`TextIndex(${length}) finds what a search for each text alone finds`, () => {
    const unit = fc.constantFrom("a", "b", "ab", "é", "🚀", "\ud800");
    const needle = fc.string({ unit, minLength: length, maxLength: length + 4 });
    const hay = fc.string({ unit, maxLength: 60 });
    fc.assert(fc.property(fc.array(needle, { maxLength: 6 }), hay, (needles, text) => {
      const index = new TextIndex(length);
      for (const each of needles) index.add(each);
      strictEqual(index.isIn(text), needles.some((each) => text.includes(each)));
      const starts = new Set(needles.flatMap((each) => startsOf(text, each)));
      deepStrictEqual(
        index.stretchesIn(text).map(({ start }) => start),
        [...starts].toSorted((a, b) => a - b),
      );
    }));
  });
}

function startsOf(text: string, needle: string): readonly number[] {
  return Array.from({ length: text.length }, (_, start) => start).filter((start) =>
    text.startsWith(needle, start)
  );
}
