import type { Value } from "../../engine/value.ts";
import { type Line, line, span } from "../text.ts";

/** Lines shown of each side at most. */
const SHOWN_LINES = 20;
/** Characters shown of a line at most. */
const SHOWN_CHARACTERS = 160;

/**
 * Two texts of several lines by the lines in which they differ: what is equal at the start and at the end is left out.
 * `undefined` where they are no such texts, and fit on one line each.
 */
export function differingLines(before: Value, after: Value): readonly Line[] | undefined {
  if (typeof before !== "string" || typeof after !== "string") return undefined;
  if (!before.includes("\n") && !after.includes("\n")) return undefined;
  const old = before.split("\n");
  const now = after.split("\n");
  const limit = Math.min(old.length, now.length);
  let start = 0;
  while (start < limit && old[start] === now[start]) start++;
  let end = 0;
  while (end < limit - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  return [
    ...equalLine(start),
    ...sideLines("-", "red", old.slice(start, old.length - end)),
    ...sideLines("+", "green", now.slice(start, now.length - end)),
    ...equalLine(end),
  ];
}

function equalLine(count: number): readonly Line[] {
  if (count === 0) return [];
  return [line(span(count === 1 ? "  (1 line unchanged)" : `  (${count} lines unchanged)`, "dim"))];
}

function sideLines(mark: "-" | "+", style: "red" | "green", texts: readonly string[]): readonly Line[] {
  const hidden = texts.length - SHOWN_LINES;
  const shown = texts.slice(0, SHOWN_LINES).map((text) => line(span(mark, style), ` ${shorten(text)}`));
  return hidden > 0 ? [...shown, line(span(mark, style), span(` … and ${hidden} more lines`, "dim"))] : shown;
}

function shorten(text: string): string {
  const characters = [...text];
  return characters.length <= SHOWN_CHARACTERS ? text : `${characters.slice(0, SHOWN_CHARACTERS).join("")}…`;
}
