/** The classes of characters that the grammar speaks of. White space is Unicode White_Space, which `\s` is not. */

const OTHER = 0;
const SPACE = 1;
const WORD_START = 2;
const DIGIT = 3;

const ASCII_CLASSES = asciiClasses();
const WHITE_SPACE_REGEXP = /^\p{White_Space}$/u;
const WORD_START_REGEXP = /^\p{Alphabetic}$/u;
const WORD_PART_REGEXP = /^[\p{Alphabetic}\p{N}]$/u;

function asciiClasses(): Uint8Array {
  const classes = new Uint8Array(128);
  const set = (from: number, to: number, value: number): void => {
    classes.fill(value, from, to + 1);
  };
  set(0x09, 0x0d, SPACE);
  set(0x20, 0x20, SPACE);
  set(0x41, 0x5a, WORD_START);
  set(0x5f, 0x5f, WORD_START);
  set(0x61, 0x7a, WORD_START);
  set(0x30, 0x39, DIGIT);
  return classes;
}

/** Whether a code point is white space. */
export function isWhiteSpace(codePoint: number): boolean {
  if (codePoint < 128) return ASCII_CLASSES[codePoint] === SPACE;
  return WHITE_SPACE_REGEXP.test(String.fromCodePoint(codePoint));
}

/** The text without white space at its ends; `trim()` would also take U+FEFF and leave U+0085. */
export function trimWhiteSpace(text: string): string {
  let start = 0;
  while (start < text.length && isWhiteSpace(text.charCodeAt(start))) start++;
  return trimEndWhiteSpace(text.slice(start));
}

/** The text without white space at its end. */
export function trimEndWhiteSpace(text: string): string {
  let end = text.length;
  while (end > 0 && isWhiteSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(0, end);
}

/** Whether a code point begins an identifier. */
export function isWordStart(codePoint: number): boolean {
  if (codePoint < 128) return ASCII_CLASSES[codePoint] === WORD_START;
  return WORD_START_REGEXP.test(String.fromCodePoint(codePoint));
}

/** Whether a code point continues an identifier. */
export function isWordPart(codePoint: number): boolean {
  if (codePoint < 128) return (ASCII_CLASSES[codePoint] ?? OTHER) >= WORD_START;
  return WORD_PART_REGEXP.test(String.fromCodePoint(codePoint));
}

/** Whether a code point is one of `0` to `9`. */
export function isDigit(codePoint: number): boolean {
  return codePoint >= 0x30 && codePoint <= 0x39;
}

/** The offset behind the word that goes on at `at`. */
export function wordEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length) {
    const unit = text.charCodeAt(end);
    if (unit < 128 ? (ASCII_CLASSES[unit] ?? OTHER) < WORD_START : !isWordPart(text.codePointAt(end) ?? 0)) {
      break;
    }
    end += unit >= 0xd800 && unit < 0xdc00 ? 2 : 1;
  }
  return end;
}

/** The offset behind the digits that go on at `at`. */
export function digitsEnd(text: string, at: number): number {
  let end = at;
  while (isDigit(text.charCodeAt(end))) end++;
  return end;
}
