import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { lineText, positionAt, sourceText } from "./source_text.ts";

Deno.test("sourceText() drops one byte-order mark and no more", () => {
  strictEqual(sourceText("a", "\ufeffab").text, "ab");
  strictEqual(sourceText("a", "\ufeff\ufeffab").text, "\ufeffab");
  strictEqual(sourceText("a", "").text, "");
});

Deno.test("positionAt() counts lines and UTF-16 columns from 1", () => {
  const source = sourceText("a", "ab\r\n😀x\n\nz");
  const places = [0, 2, 4, 6, 8, 9, 10].map((offset) => positionAt(source, offset));
  deepStrictEqual(places, [
    { line: 1, column: 1 },
    { line: 1, column: 3 },
    { line: 2, column: 1 },
    { line: 2, column: 3 },
    { line: 3, column: 1 },
    { line: 4, column: 1 },
    { line: 4, column: 2 },
  ]);
});

Deno.test("lineText() gives a line without its end", () => {
  const source = sourceText("a", "ab\r\ncd\n");
  deepStrictEqual([1, 2, 3, 4].map((line) => lineText(source, line)), ["ab", "cd", "", ""]);
});
