import { decimalOf, isInRange } from "./number_value.ts";
import type { Cursor } from "./parse_cursor.ts";
import { isAssignment, isItemWord } from "./parse_recovery.ts";
import type { DecimalNode, IntegerNode, TokenIndex } from "./syntax_tree.ts";
import { TokenKind } from "./token.ts";

const LEADING_ZERO_REGEXP = /^-?0[0-9]/;
/** What people write behind digits in other languages: exponents, hexadecimal and binary digits, separators. */
const SUFFIX_REGEXP = /^(?:[eE][0-9]*|[xX][0-9A-Fa-f_]*|[bBoO][0-7_]*|_[0-9_]*)$/;

/** Said of a number with letters behind it. */
export const UNIT_HINT = "numbers have no unit, texts stand in double quotes";

/** Whether `kind` is that of a number. */
export function isNumber(kind: number): boolean {
  return kind === TokenKind.Integer || kind === TokenKind.Decimal;
}

/** Reads the number that is looked at; a malformed one is reported and taken whole. */
export function parseNumber(cursor: Cursor): IntegerNode | DecimalNode | undefined {
  const token = cursor.at++;
  const extraTokens = malformedTail(cursor);
  if (extraTokens > 0) {
    cursor.at += extraTokens;
    reportNumber(cursor, token, "expected digits, and a point with digits behind it perhaps");
    return undefined;
  }
  if (hasUnit(cursor)) {
    refuseUnit(cursor, token);
    return undefined;
  }
  const text = cursor.text(token);
  if (LEADING_ZERO_REGEXP.test(text)) {
    reportNumber(cursor, token, "expected no leading zeros");
  } else if (cursor.kindAt(token) === TokenKind.Integer) {
    if (isInRange(text)) return { kind: "integer", first: token, last: token };
    reportNumber(cursor, token, "the integer is out of range, which is -2^63 to 2^63-1");
  } else {
    if (Number.isFinite(decimalOf(text))) return { kind: "decimal", first: token, last: token };
    reportNumber(cursor, token, "the decimal is too large for a 64-bit float");
  }
  return undefined;
}

/** How many of the next tokens belong to a number in a form that the language does not have, such as `1e3`, `5.`. */
function malformedTail(cursor: Cursor): number {
  const next = cursor.at;
  if (!cursor.touches(next)) return 0;
  if (cursor.kindAt(next) === TokenKind.Dot) {
    const touching = cursor.touches(next + 1) && cursor.kindAt(next + 1) !== TokenKind.EndOfFile;
    return touching && !isClosing(cursor.kindAt(next + 1)) ? 2 : 1;
  }
  if (cursor.kindAt(next) !== TokenKind.Identifier || !SUFFIX_REGEXP.test(cursor.text(next))) return 0;
  if (beginsItem(cursor, next)) return 0;
  return cursor.kindAt(next + 1) === TokenKind.Integer && cursor.touches(next + 1) ? 2 : 1;
}

/** `x = 1e = 2` is two fields: nothing needs to part a number from the name behind it. */
function beginsItem(cursor: Cursor, word: TokenIndex): boolean {
  return isAssignment(cursor, word) || cursor.kindAt(word + 1) === TokenKind.LeftBrace ||
    isItemWord(cursor, word);
}

/** Whether letters follow the number without a gap that begin no item, as in `30s`. */
function hasUnit(cursor: Cursor): boolean {
  return cursor.is(TokenKind.Identifier) && cursor.touches(cursor.at) && !beginsItem(cursor, cursor.at);
}

/** Takes all that hangs together. It may be a password without quotes: it is not repeated. */
function refuseUnit(cursor: Cursor, number: TokenIndex): void {
  do cursor.at++; while (cursor.touches(cursor.at) && UNIT_KINDS.includes(cursor.kind));
  const span = { start: cursor.startOf(number), end: cursor.endOf(cursor.at - 1) };
  const message = "Cannot read the number: expected digits only, found letters behind them";
  cursor.reportSpan(span, { code: "E-NUMBER", message, hint: UNIT_HINT });
}

const UNIT_KINDS: readonly number[] = [
  TokenKind.Identifier,
  TokenKind.NumeralWord,
  TokenKind.Integer,
  TokenKind.Decimal,
  TokenKind.Hyphen,
  TokenKind.Dot,
];

function isClosing(kind: number): boolean {
  return kind === TokenKind.RightBrace || kind === TokenKind.RightBracket || kind === TokenKind.Comma;
}

function reportNumber(cursor: Cursor, token: TokenIndex, wanted: string): void {
  const span = { start: cursor.startOf(token), end: cursor.endOf(cursor.at - 1) };
  const text = cursor.source.text.slice(span.start, span.end);
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  cursor.reportSpan(span, { code: "E-NUMBER", message: `Cannot read the number "${shown}": ${wanted}` });
}

/** Reports a number that begins with a point, and takes it whole. */
export function refuseLeadingPoint(cursor: Cursor): void {
  const token = cursor.at;
  cursor.at += 2;
  reportNumber(cursor, token, "expected a digit before the point");
}
