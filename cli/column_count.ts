import { inert } from "./inert.ts";

const WIDE_REGEXP =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f000}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const COMBINING_REGEXP = /\p{Mn}|\p{Me}/u;

/** How many columns of a terminal a text takes once the printer has made it inert. Wide characters take two, combining marks none. */
export function columnCount(text: string): number {
  let count = 0;
  for (const character of inert(text)) count += columnsOf(character);
  return count;
}

function columnsOf(character: string): number {
  if (character < "\u0300") return 1;
  if (COMBINING_REGEXP.test(character)) return 0;
  return WIDE_REGEXP.test(character) ? 2 : 1;
}
