import { isBlockString, readEscape } from "./string_text.ts";

/** How far a string token reaches. */
export interface ScannedString {
  readonly end: number;
  readonly closed: boolean;
  readonly block: boolean;
  /** The offset of the first backslash that begins no escape. */
  readonly badEscape: number | undefined;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Finds the end of the string that opens at `start`. */
export function scanString(text: string, start: number): ScannedString {
  return isBlockString(text, start) ? scanBlock(text, start) : scanPlain(text, start);
}

function scanBlock(text: string, start: number): ScannedString {
  const close = text.indexOf('"""', start + 3);
  const end = close === -1 ? text.length : close + 3;
  return { end, closed: close !== -1, block: true, badEscape: undefined };
}

function scanPlain(text: string, start: number): ScannedString {
  let badEscape: number | undefined;
  let at = start + 1;
  while (at < text.length) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) return { end: at + 1, closed: true, block: false, badEscape };
    if (unit === BACKSLASH) {
      const escape = readEscape(text, at);
      if (escape === undefined) badEscape ??= at;
      // The character behind a bad escape is skipped too.
      at += escape?.length ?? 2;
    } else at++;
  }
  return { end: text.length, closed: false, block: false, badEscape };
}
