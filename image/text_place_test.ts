import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { textPlaces } from "./text_place.ts";

Deno.test("textPlaces() counts lines and characters", () => {
  const places = textPlaces("\uFEFFaé\u{1F600}x\r\n\nb");
  deepStrictEqual([0, 1, 2, 5, 7, 8, 9].map((at) => Object.values(places(at))), [
    [1, 1],
    [1, 1],
    [1, 2],
    [1, 4],
    [1, 6],
    [2, 1],
    [3, 1],
  ]);
  deepStrictEqual(textPlaces("")(0), { line: 1, column: 1 });
});

Deno.test("textPlaces() says what counting from the start says", () => {
  fc.assert(fc.property(fc.array(fc.constantFrom("a", "\n", "é", "\r\n")), fc.nat(40), (parts, wanted) => {
    const text = parts.join("");
    const at = Math.min(wanted, text.length);
    const lines = text.slice(0, at).split("\n");
    deepStrictEqual(textPlaces(text)(at), { line: lines.length, column: (lines.at(-1) ?? "").length + 1 });
  }));
});
