import { deepStrictEqual, ok } from "node:assert/strict";
import { columnCount } from "./column_count.ts";
import { span } from "./text.ts";
import { hangingLines, PROSE_COLUMNS, wrapText } from "./wrap_text.ts";

Deno.test("wrapText() breaks at blanks, and leaves a long word whole", () => {
  deepStrictEqual(wrapText("one two three", 7), ["one two", "three"]);
  deepStrictEqual(wrapText("antidisestablishmentarianism is long", 10), [
    "antidisestablishmentarianism",
    "is long",
  ]);
  deepStrictEqual(wrapText("", 10), [""]);
});

Deno.test("hangingLines() puts further lines below the start of the text, none too long", () => {
  const lines = hangingLines([span("  name  ")], "word ".repeat(60).trim());
  const texts = lines.map((each) => each.map(({ text }) => text).join(""));
  ok(texts.length > 2);
  ok(texts.every((text) => columnCount(text) <= PROSE_COLUMNS));
  ok(texts.slice(1).every((text) => text.startsWith("        word")));
});
