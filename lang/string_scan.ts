import { readEscape } from "./string_text.ts";

/** A string without an end, as `plainStringEnd` and `blockStringEnd` answer it. */
export const NO_END = -1;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The offset behind the plain string that opens at `start`, or `NO_END`. */
export function plainStringEnd(text: string, start: number): number {
  const length = text.length;
  let at = start + 1;
  while (at < length) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) return at + 1;
    // No escape holds a quote behind its second character, so all escapes are skipped alike.
    at += unit === BACKSLASH ? 2 : 1;
  }
  return NO_END;
}

/** The offset behind the block string that opens at `start`, or `NO_END`. */
export function blockStringEnd(text: string, start: number): number {
  const close = text.indexOf('"""', start + 3);
  return close === -1 ? NO_END : close + 3;
}

/** The offset of the first backslash at `start` or behind it, before `end`, that begins no escape. */
export function firstBadEscape(text: string, start: number, end: number): number | undefined {
  let at = start;
  while (at < end) {
    if (text.charCodeAt(at) === BACKSLASH) {
      const escape = readEscape(text, at);
      if (escape === undefined) return at;
      at += escape.length;
    } else at++;
  }
  return undefined;
}
