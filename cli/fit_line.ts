import { columnCount } from "./column_count.ts";
import { type Line, type Span, span } from "./text.ts";

/** The columns of all spans. */
export function lineColumns(parts: Line): number {
  return parts.reduce((sum, part) => sum + columnCount(part.text), 0);
}

/** Cuts a line to at most `columns` columns, with `…` where something is left out. */
export function fitLine(parts: Line, columns: number): Line {
  if (lineColumns(parts) <= columns) return parts;
  const kept: Span[] = [];
  let left = Math.max(0, columns - 1);
  for (const part of parts) {
    const text = headOf(part.text, left);
    left -= columnCount(text);
    if (text !== "") kept.push(span(text, part.style));
    if (text.length < part.text.length) break;
  }
  return columns < 1 ? [] : [...kept, span("…")];
}

/** The longest beginning of whole characters that takes at most `columns` columns. */
function headOf(text: string, columns: number): string {
  let head = "";
  let left = columns;
  for (const character of text) {
    left -= columnCount(character);
    if (left < 0) return head;
    head += character;
  }
  return head;
}
