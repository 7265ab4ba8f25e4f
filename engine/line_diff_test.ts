import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { diffHunks } from "./diff_hunks.ts";
import { diffLines } from "./line_diff.ts";

const texts = fc.array(fc.constantFrom("a", "b", "c", "}", ""), { maxLength: 30 });

/** A comparison as lines with their marks. */
function marked(before: readonly string[], after: readonly string[]): readonly string[] {
  return diffLines(before, after).map((edit) => {
    if (edit.kind === "same") return ` ${before[edit.before]}`;
    return edit.kind === "removed" ? `-${before[edit.before]}` : `+${after[edit.after]}`;
  });
}

Deno.test("diffLines() holds each line of both texts once, in order, and what is the same is equal", () => {
  fc.assert(fc.property(texts, texts, (before, after) => {
    const edits = diffLines(before, after);
    const old = edits.flatMap((edit) => edit.kind === "added" ? [] : [edit.before]);
    const now = edits.flatMap((edit) => edit.kind === "removed" ? [] : [edit.after]);
    deepStrictEqual(old, [...before.keys()]);
    deepStrictEqual(now, [...after.keys()]);
    for (const edit of edits) if (edit.kind === "same") strictEqual(before[edit.before], after[edit.after]);
  }));
});

Deno.test("diffLines() finds nothing between equal texts", () => {
  fc.assert(fc.property(texts, (text) => {
    ok(diffLines(text, text).every((edit) => edit.kind === "same"));
    deepStrictEqual(diffHunks(diffLines(text, text), 3), []);
  }));
});

Deno.test("diffLines() keeps what both hold, and what goes stands before what comes", () => {
  deepStrictEqual(marked(["a", "b", "c", "d"], ["a", "x", "y", "d", "e"]), [
    " a",
    "-b",
    "-c",
    "+x",
    "+y",
    " d",
    "+e",
  ]);
  deepStrictEqual(marked(["x {", "}", "y {", "}"], ["x {", "}", "", "y {", "}"]), [
    " x {",
    " }",
    "+",
    " y {",
    " }",
  ]);
});

Deno.test("diffHunks() counts lines as patches do, and joins what is near", () => {
  const before = Array.from({ length: 20 }, (_, index) => `line ${index + 1}`);
  const after = before.toSpliced(18, 1).toSpliced(4, 0, "new");
  const hunks = diffHunks(diffLines(before, after), 3);
  deepStrictEqual(hunks.map(({ edits, ...rest }) => ({ ...rest, count: edits.length })), [
    { beforeStart: 2, beforeCount: 6, afterStart: 2, afterCount: 7, count: 7 },
    { beforeStart: 16, beforeCount: 5, afterStart: 17, afterCount: 4, count: 5 },
  ]);
  const near = before.toSpliced(9, 1).toSpliced(4, 0, "new");
  strictEqual(diffHunks(diffLines(before, near), 3).length, 1);
  const changedAt = (...lines: readonly number[]) =>
    before.map((text, index) => lines.includes(index) ? "new" : text);
  deepStrictEqual(
    [9, 10, 11, 12].map((line) => diffHunks(diffLines(before, changedAt(4, line)), 3).length),
    [1, 1, 1, 2],
  );
});

Deno.test("diffHunks() counts from 0 where a text has no line", () => {
  const [hunk] = diffHunks(diffLines([], ["a"]), 3);
  deepStrictEqual([hunk?.beforeStart, hunk?.beforeCount, hunk?.afterStart, hunk?.afterCount], [0, 0, 1, 1]);
});

Deno.test("diffLines() takes texts of 200,000 lines, those too that differ in every line", () => {
  const before = Array.from(
    { length: 200_000 },
    (_, index) => index % 5 === 4 ? "}" : `  field_${index} = 1`,
  );
  const shifted = before.map((text, index) => index % 1000 === 0 ? `${text}0` : text);
  strictEqual(diffLines(before, shifted).filter((edit) => edit.kind === "removed").length, 200);
  const indented = before.map((text) => text === "}" ? text : `  ${text}`);
  ok(diffLines(before, indented).length >= 200_000);
});
