/**
 * Where a string without an end was probably meant to end. A plain string may hold line ends, so one forgotten quote turns
 * all later strings inside out and is noticed only at the end of the file.
 */
import { isWhiteSpace } from "./character.ts";
import { isBlockString } from "./string_text.ts";
import { TokenKind } from "./token.ts";
import type { TokenBuffer } from "./token_buffer.ts";

/** The string to cut: the index its token gets, and its offsets. */
export interface CutString {
  readonly token: number;
  readonly start: number;
  readonly end: number;
}

const CLOSERS = "]}),#.:[=";
const DECLARATION_REGEXP =
  /\r?\n(?=(?:resource|layer|component|use|include|moved|removed|import|output)[ \t])/g;

/**
 * The first string over several lines, of token index `from` or more, whose closing quote looks like an opening one,
 * since text follows it at once; else the string at `at` itself. It is cut at the end of its first line.
 */
export function cutPlainString(
  text: string,
  tokens: TokenBuffer,
  place: { readonly at: number; readonly from: number },
): CutString {
  for (let token = place.from; token < tokens.count; token++) {
    if (tokens.kind(token) !== TokenKind.String) continue;
    const start = tokens.start(token);
    if (isTurnedAround(text, start, tokens.end(token))) return { token, start, end: lineEnd(text, start) };
  }
  return { token: tokens.count, start: place.at, end: lineEnd(text, place.at) };
}

function isTurnedAround(text: string, start: number, end: number): boolean {
  if (isBlockString(text, start) || end === text.length) return false;
  const after = text.codePointAt(end) ?? 0;
  if (isWhiteSpace(after) || CLOSERS.includes(String.fromCodePoint(after))) return false;
  return text.slice(start, end).includes("\n");
}

function lineEnd(text: string, start: number): number {
  const feed = text.indexOf("\n", start);
  if (feed === -1) return text.length;
  return text.charAt(feed - 1) === "\r" ? feed - 1 : feed;
}

/** Where to cut the block string that opens at `start`: before the next line that begins a declaration. */
export function cutBlockString(text: string, start: number): number {
  DECLARATION_REGEXP.lastIndex = start;
  return DECLARATION_REGEXP.exec(text)?.index ?? text.length;
}
