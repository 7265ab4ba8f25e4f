/**
 * How the parser finds its feet after a mistake. An item is recognized by its first two tokens, a declaration by its first
 * three, so that neither a broken item nor a missing bracket hides what follows.
 */
import { isWhiteSpace } from "./character.ts";
import type { Cursor } from "./parse_cursor.ts";
import { lineIndexAt, type SourceText } from "./source_text.ts";
import type { TokenIndex } from "./syntax_tree.ts";
import { TokenKind } from "./token.ts";

const LINE_FEED = 0x0a;

/** The words that begin a declaration. */
export const DECLARATION_WORDS: readonly string[] = [
  "resource",
  "layer",
  "component",
  "use",
  "include",
  "output",
  "moved",
  "removed",
  "import",
];

/** Whether a whole head of a declaration begins at `token`. */
export function isDeclarationHead(cursor: Cursor, token: TokenIndex): boolean {
  if (cursor.kindAt(token) !== TokenKind.Identifier) return false;
  const next = cursor.kindAt(token + 1);
  const third = token + 2;
  if (next === TokenKind.Identifier) {
    if (cursor.isWord(token, "resource")) return cursor.kindAt(third) === TokenKind.String;
    return cursor.isWord(token, "output") && cursor.kindAt(third) === TokenKind.Equals;
  }
  if (next !== TokenKind.String) return false;
  if (cursor.isWord(token, "resource")) return cursor.kindAt(third) === TokenKind.Colon;
  if (cursor.isWord(token, "component")) return cursor.kindAt(third) === TokenKind.LeftBrace;
  if (cursor.isWord(token, "layer")) return cursor.isWord(third, "over");
  if (cursor.isWord(token, "use")) return cursor.isWord(third, "as");
  if (cursor.isWord(token, "moved") || cursor.isWord(token, "import")) return cursor.isWord(third, "to");
  return cursor.isWord(token, "include") || cursor.isWord(token, "removed");
}

/** The words that begin an item and have another word behind them. */
const ITEM_WORDS: readonly string[] = ["needs", "param", "override", "unset"];

/** Whether `token` is a word that begins an item, or a resource inside a component. */
export function isItemWord(cursor: Cursor, token: TokenIndex): boolean {
  return cursor.isWord(token, "resource") || ITEM_WORDS.some((word) => cursor.isWord(token, word));
}

/** Whether an item of a body, or an entry of a record, seems to begin at `token`. */
export function isItemHead(cursor: Cursor, token: TokenIndex): boolean {
  const kind = cursor.kindAt(token);
  if (kind === TokenKind.At) return cursor.kindAt(token + 1) === TokenKind.Identifier;
  const next = cursor.kindAt(token + 1);
  if (kind === TokenKind.String) return next === TokenKind.Equals;
  if (kind !== TokenKind.Identifier) return false;
  if (next === TokenKind.Equals || next === TokenKind.LeftBrace) return true;
  if (next === TokenKind.String) return cursor.isWord(token, "needs");
  if (next !== TokenKind.Identifier) return false;
  return ITEM_WORDS.some((word) => cursor.isWord(token, word));
}

/**
 * Whether a declaration begins at `token` that cannot stand inside the block which began at `start`: first on its line and
 * indented no deeper. The block must then have lost its closing brace.
 */
export function leavesBlock(cursor: Cursor, start: TokenIndex, token: TokenIndex): boolean {
  return isDeclarationHead(cursor, token) && isOutdented(cursor, start, token);
}

/** Whether `token` is the first on its line and indented no deeper than the line of `start`. */
export function isOutdented(cursor: Cursor, start: TokenIndex, token: TokenIndex): boolean {
  return isFirstOnLine(cursor, token) &&
    indentAt(cursor.source, cursor.startOf(token)) <= indentAt(cursor.source, cursor.startOf(start));
}

/** Takes the closing brace looked at, and remembers `opener` when their lines are not indented alike. */
export function takeCloser(cursor: Cursor, opener: TokenIndex): TokenIndex {
  const closer = cursor.at++;
  const indent = ownIndent(cursor, closer);
  if (indent !== undefined && indent < indentAt(cursor.source, cursor.startOf(opener))) {
    cursor.doubtfulOpener = opener;
  }
  return closer;
}

/**
 * Takes the closing brace looked at when it cannot belong to `opener`, since it is indented deeper, and an opening brace is
 * known to lack behind `opener`.
 */
export function takeLostCloser(cursor: Cursor, opener: TokenIndex): boolean {
  if (cursor.lostOpenerAt <= opener || !isFirstOnLine(cursor, cursor.at)) return false;
  if (isOutdented(cursor, opener, cursor.at)) return false;
  cursor.lostOpenerAt = -1;
  cursor.at++;
  return true;
}

/** Whether nothing stands before `token` on its line. */
export function isFirstOnLine(cursor: Cursor, token: TokenIndex): boolean {
  return ownIndent(cursor, token) !== undefined;
}

/** The indent of `token` when nothing stands before it on its line; looks only at the gap before the token. */
function ownIndent(cursor: Cursor, token: TokenIndex): number | undefined {
  const { text } = cursor.source;
  const start = cursor.startOf(token);
  const gap = token === 0 ? 0 : cursor.endOf(token - 1);
  let lineStart = start;
  while (lineStart > gap && text.charCodeAt(lineStart - 1) !== LINE_FEED) lineStart--;
  const begins = lineStart > gap || gap === 0 || text.charCodeAt(gap - 1) === LINE_FEED;
  return begins ? start - lineStart : undefined;
}

/** How many characters of white space begin the line of `offset`. */
function indentAt(source: SourceText, offset: number): number {
  const lineStart = source.lineStarts[lineIndexAt(source, offset)] ?? 0;
  let end = lineStart;
  while (end < offset && isWhiteSpace(source.text.charCodeAt(end))) end++;
  return end - lineStart;
}

/**
 * Skips from a mistake in the item that began at `start` to the next item, the end of the body, or a declaration. Only
 * braces are matched: an item cannot begin inside other brackets, so one of those that is not closed does no harm.
 */
export function skipToItem(cursor: Cursor, start: TokenIndex): void {
  let depth = 0;
  if (cursor.at === start && !cursor.is(TokenKind.EndOfFile)) depth = skipOne(cursor, depth, isBrace);
  while (!cursor.is(TokenKind.EndOfFile) && !leavesBlock(cursor, start, cursor.at)) {
    const found = cursor.is(TokenKind.RightBrace) || isItemHead(cursor, cursor.at) ||
      isDeclarationHead(cursor, cursor.at);
    if (depth === 0 && found) return;
    depth = skipOne(cursor, depth, isBrace);
  }
}

/** Skips from a mistake in a list to its next comma or its end. */
export function skipToElement(cursor: Cursor): void {
  const start = cursor.at;
  let depth = 0;
  while (!cursor.is(TokenKind.EndOfFile) && !leavesBlock(cursor, start, cursor.at)) {
    const found = cursor.is(TokenKind.Comma) || cursor.is(TokenKind.RightBracket) || endsList(cursor);
    if (depth === 0 && found) return;
    depth = skipOne(cursor, depth, isBracket);
  }
}

/** Whether the token looked at cannot stand in a list, so that the list must have ended before. */
export function endsList(cursor: Cursor): boolean {
  return cursor.is(TokenKind.EndOfFile) || cursor.is(TokenKind.RightBrace) ||
    cursor.is(TokenKind.At) || isAssignment(cursor, cursor.at) || isDeclarationHead(cursor, cursor.at);
}

/** Whether `NAME =` stands at `token`. */
export function isAssignment(cursor: Cursor, token: TokenIndex): boolean {
  return cursor.kindAt(token) === TokenKind.Identifier && cursor.kindAt(token + 1) === TokenKind.Equals;
}

/** Skips from a mistake outside all bodies, which began at `start`, to the next declaration. */
export function skipToDeclaration(cursor: Cursor, start: TokenIndex): void {
  let depth = 0;
  if (cursor.at === start && !cursor.is(TokenKind.EndOfFile)) depth = skipOne(cursor, depth, isBrace);
  while (!cursor.is(TokenKind.EndOfFile) && !leavesBlock(cursor, start, cursor.at)) {
    if (depth === 0 && (isDeclarationHead(cursor, cursor.at) || isBrokenHead(cursor, cursor.at))) return;
    depth = skipOne(cursor, depth, isBrace);
  }
}

/** Whether a line begins like a declaration, though its head may be broken. */
function isBrokenHead(cursor: Cursor, token: TokenIndex): boolean {
  const next = cursor.kindAt(token + 1);
  if (next !== TokenKind.Identifier && next !== TokenKind.String) return false;
  return DECLARATION_WORDS.some((word) => cursor.isWord(token, word)) && isFirstOnLine(cursor, token);
}

/** Skips what the bracket looked at encloses, or as much of it as there is before a declaration. */
export function skipBracketed(cursor: Cursor): void {
  const start = cursor.at;
  let depth = 0;
  do {
    depth = skipOne(cursor, depth, isBracket);
  } while (depth > 0 && !cursor.is(TokenKind.EndOfFile) && !leavesBlock(cursor, start, cursor.at));
  if (depth > 0) cursor.swallowedAt = cursor.at;
}

/** Skips one token; answers how many brackets that `counts` are open behind it. */
function skipOne(cursor: Cursor, depth: number, counts: (kind: number) => boolean): number {
  const kind = cursor.kind;
  cursor.at++;
  if (!counts(kind)) return depth;
  return OPENERS.includes(kind) ? depth + 1 : Math.max(0, depth - 1);
}

const OPENERS: readonly number[] = [TokenKind.LeftBrace, TokenKind.LeftBracket, TokenKind.LeftParenthesis];
const CLOSERS: readonly number[] = [TokenKind.RightBrace, TokenKind.RightBracket, TokenKind.RightParenthesis];

function isBrace(kind: number): boolean {
  return kind === TokenKind.LeftBrace || kind === TokenKind.RightBrace;
}

function isBracket(kind: number): boolean {
  return OPENERS.includes(kind) || CLOSERS.includes(kind);
}
