import { inert } from "./inert.ts";
import { type Line, type Span, span } from "./text.ts";

const WIDE_REGEXP =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f000}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const COMBINING_REGEXP = /\p{Mn}|\p{Me}/u;

/** How many columns of a terminal a text takes once the printer has made it inert. Wide characters take two, combining marks none. */
export function columnCount(text: string): number {
  let count = 0;
  for (const character of inert(text)) count += columnsOf(character);
  return count;
}

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

function columnsOf(character: string): number {
  if (character < "\u0300") return 1;
  if (COMBINING_REGEXP.test(character)) return 0;
  return WIDE_REGEXP.test(character) ? 2 : 1;
}
