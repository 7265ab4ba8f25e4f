import { strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { replaceSpans } from "./replace_spans.ts";

/** Pieces of a text, each with what is to stand in its place, if anything; and an order of them. */
const PIECES = fc.array(fc.tuple(fc.string(), fc.option(fc.string())), { maxLength: 8 });

Deno.test("replaceSpans() puts each text in its place, in whatever order the edits come", () => {
  fc.assert(fc.property(PIECES, fc.infiniteStream(fc.nat()), (pieces, order) => {
    let text = "";
    const edits = pieces.flatMap(([piece, made]) => {
      const span = { start: text.length, end: text.length + piece.length };
      text += piece;
      return made === null || piece === "" ? [] : [{ span, text: made, rank: order.next().value ?? 0 }];
    });
    const wanted = pieces.map(([piece, made]) => piece === "" ? "" : made ?? piece).join("");
    strictEqual(replaceSpans(text, edits.toSorted((one, other) => one.rank - other.rank)), wanted);
  }));
});

Deno.test("replaceSpans() refuses edits that overlap, and those that leave the text", () => {
  const edit = (start: number, end: number) => ({ span: { start, end }, text: "x" });
  strictEqual(replaceSpans("abcdef", [edit(3, 5), edit(1, 4)]), undefined);
  strictEqual(replaceSpans("abcdef", [edit(1, 4), edit(1, 4)]), undefined);
  strictEqual(replaceSpans("abcdef", [edit(4, 7)]), undefined);
  strictEqual(replaceSpans("abcdef", [edit(3, 5), edit(1, 3)]), "axxf");
});
