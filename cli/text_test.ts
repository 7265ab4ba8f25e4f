import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { anyText } from "../tests/support/any_text.ts";
import { columnCount } from "./column_count.ts";
import { fitLine, lineColumns } from "./fit_line.ts";
import { elapsedText, wholeSecondsText } from "./render/elapsed_text.ts";
import { alignColumns, type Line, line, span } from "./text.ts";

function textOf(parts: Line): string {
  return parts.map((part) => part.text).join("");
}

Deno.test("columnCount() counts wide characters twice, combining marks not, and escapes as they are shown", () => {
  strictEqual(columnCount("abc"), 3);
  strictEqual(columnCount("日本"), 4);
  strictEqual(columnCount("e\u0301"), 1);
  strictEqual(columnCount("🚀"), 2);
  strictEqual(columnCount("\x1b"), "\\u{1b}".length);
});

Deno.test("fitLine() never takes more columns than there are, and leaves what fits", () => {
  const text = fc.oneof(
    anyText,
    fc.constantFrom("日本語", "plain", "e\u0301"),
  );
  fc.assert(fc.property(fc.array(text), fc.nat(60), (texts, columns) => {
    const parts = line(...texts);
    const fitted = fitLine(parts, columns);
    ok(lineColumns(fitted) <= columns);
    if (lineColumns(parts) <= columns) deepStrictEqual(fitted, parts);
  }));
  strictEqual(textOf(fitLine(line("abc", "def"), 5)), "abcd…");
  deepStrictEqual(fitLine(line(span("abc", "red")), 2), [span("a", "red"), span("…")]);
});

Deno.test("alignColumns() makes columns as wide as their widest cell, without blanks at the end", () => {
  const rows = [[span("a"), span("日本"), span("")], [span("bbb"), span("c"), span("d")], [
    span(""),
    span(""),
  ]];
  deepStrictEqual(alignColumns(rows).map(textOf), ["a    日本", "bbb  c     d", ""]);
});

Deno.test("times are shown in the unit that says most", () => {
  deepStrictEqual(
    [0, 9.4, 99, 100, 1_234, 9_940, 12_345, 59_999, 60_000, 123_000, 3_720_000].map(elapsedText),
    [
      "0ms",
      "9ms",
      "99ms",
      "0.1s",
      "1.2s",
      "9.9s",
      "12s",
      "59s",
      "1m00s",
      "2m03s",
      "1h02m",
    ],
  );
  deepStrictEqual([-5, 0, 1_999, 61_000].map(wholeSecondsText), ["0s", "0s", "1s", "1m01s"]);
});
