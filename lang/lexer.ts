/**
 * Text to tokens. Never fails: a character that begins no token becomes an `Unknown` token, which the parser refuses in
 * its place; a string without an end is cut by `unterminated_string.ts` so that the rest of the file can be read.
 */
import { digitsEnd, isDigit, isWhiteSpace, isWordPart, isWordStart, wordEnd } from "./character.ts";
import { type Diagnostic, diagnostic } from "./diagnostic.ts";
import type { SourceText } from "./source_text.ts";
import { scanString } from "./string_scan.ts";
import { type Comments, TokenKind, type Tokens } from "./token.ts";
import { TokenBuffer } from "./token_buffer.ts";
import { cutBlockString, cutPlainString } from "./unterminated_string.ts";

/** What a text is made of. */
export interface Lexed {
  readonly tokens: Tokens;
  readonly comments: Comments;
  /** What is wrong inside strings. */
  readonly diagnostics: readonly Diagnostic[];
  /** The indices of the strings that had no end, ascending. */
  readonly cutStrings: readonly number[];
}

/** Splits a text into tokens and comments. */
export function lex(source: SourceText): Lexed {
  return new Lexer(source).run();
}

/** How many strings are cut before the rest of the file is taken as one string: keeps the work linear. */
const CUT_LIMIT = 8;

/** How many faults inside strings are kept: more are not reported of one file. */
const FAULT_LIMIT = 1000;

/** The kind of each ASCII character that is a token alone; 0 for others. */
const PUNCTUATION = punctuation([
  ["{", TokenKind.LeftBrace],
  ["}", TokenKind.RightBrace],
  ["[", TokenKind.LeftBracket],
  ["]", TokenKind.RightBracket],
  ["(", TokenKind.LeftParenthesis],
  [")", TokenKind.RightParenthesis],
  ["=", TokenKind.Equals],
  [",", TokenKind.Comma],
  [":", TokenKind.Colon],
  [".", TokenKind.Dot],
  ["@", TokenKind.At],
  ["*", TokenKind.Star],
]);

function punctuation(kinds: readonly (readonly [string, TokenKind])[]): Uint8Array {
  const table = new Uint8Array(128);
  for (const [character, kind] of kinds) table[character.charCodeAt(0)] = kind;
  return table;
}

const QUOTE = 0x22;
const HASH = 0x23;
const HYPHEN = 0x2d;
const DOT = 0x2e;
const GREATER = 0x3e;

class Lexer {
  readonly #source: SourceText;
  readonly #text: string;
  readonly #buffer: TokenBuffer;
  readonly #cutStrings: number[] = [];
  #faults: { readonly offset: number; readonly diagnostic: Diagnostic }[] = [];

  constructor(source: SourceText) {
    this.#source = source;
    this.#text = source.text;
    this.#buffer = new TokenBuffer((source.text.length >> 2) + 16);
  }

  run(): Lexed {
    let at = 0;
    while (at < this.#text.length) at = this.#next(at);
    this.#buffer.push(TokenKind.EndOfFile, at, at);
    return {
      tokens: this.#buffer.tokens(),
      comments: this.#buffer.comments(),
      diagnostics: this.#faults.map((fault) => fault.diagnostic),
      cutStrings: this.#cutStrings,
    };
  }

  /** Reads one token, comment or white space at `at`; answers where to go on. */
  #next(at: number): number {
    const codePoint = this.#text.codePointAt(at) ?? 0;
    if (isWhiteSpace(codePoint)) return at + 1;
    if (isWordStart(codePoint)) return this.#push(TokenKind.Identifier, at, wordEnd(this.#text, at));
    if (codePoint === QUOTE) return this.#string(at);
    const kind = PUNCTUATION[codePoint] ?? 0;
    if (kind !== 0) return this.#push(kind, at, at + 1);
    if (isDigit(codePoint)) return this.#number(at);
    if (codePoint === HASH) return this.#comment(at);
    if (codePoint === HYPHEN) return this.#hyphen(at);
    if (isWordPart(codePoint)) return this.#push(TokenKind.NumeralWord, at, wordEnd(this.#text, at));
    return this.#unknown(at, codePoint);
  }

  #push(kind: number, start: number, end: number): number {
    this.#buffer.push(kind, start, end);
    return end;
  }

  #hyphen(at: number): number {
    const next = this.#text.charCodeAt(at + 1);
    if (isDigit(next)) return this.#number(at);
    if (next === GREATER) return this.#push(TokenKind.Arrow, at, at + 2);
    return this.#push(TokenKind.Hyphen, at, at + 1);
  }

  #number(at: number): number {
    const whole = digitsEnd(this.#text, at + 1);
    const fraction = this.#text.charCodeAt(whole) === DOT ? digitsEnd(this.#text, whole + 1) : whole;
    if (fraction <= whole + 1) return this.#push(TokenKind.Integer, at, whole);
    return this.#push(TokenKind.Decimal, at, fraction);
  }

  #comment(at: number): number {
    const lineEnd = this.#text.indexOf("\n", at);
    const stop = lineEnd === -1 ? this.#text.length : lineEnd;
    let end = stop;
    while (isWhiteSpace(this.#text.charCodeAt(end - 1))) end--;
    this.#buffer.pushComment(at, end);
    return stop;
  }

  /** Characters side by side that begin no token are one token. */
  #unknown(at: number, codePoint: number): number {
    const end = at + (codePoint > 0xffff ? 2 : 1);
    const last = this.#buffer.count - 1;
    if (last < 0 || this.#buffer.kind(last) !== TokenKind.Unknown || this.#buffer.end(last) !== at) {
      return this.#push(TokenKind.Unknown, at, end);
    }
    const start = this.#buffer.start(last);
    this.#buffer.truncate(last);
    return this.#push(TokenKind.Unknown, start, end);
  }

  #string(at: number): number {
    const scanned = scanString(this.#text, at);
    if (scanned.badEscape !== undefined) this.#badEscape(scanned.badEscape);
    if (scanned.closed) return this.#push(TokenKind.String, at, scanned.end);
    return this.#cut(at, scanned.block);
  }

  #badEscape(offset: number): void {
    if (this.#faults.length >= FAULT_LIMIT) return;
    const escape = this.#text.slice(offset, offset + 2);
    this.#fault(offset, offset + 2, `Cannot read the escape "${escape}" in a string`, escapeHint(escape));
  }

  /** Ends a string that has no end where it was probably meant to end, and reads on from there. */
  #cut(at: number, block: boolean): number {
    const mayCut = this.#cutStrings.length < CUT_LIMIT;
    const from = (this.#cutStrings.at(-1) ?? -1) + 1;
    const cut = !mayCut
      ? { token: this.#buffer.count, start: at, end: this.#text.length }
      : block
      ? { token: this.#buffer.count, start: at, end: cutBlockString(this.#text, at) }
      : cutPlainString(this.#text, this.#buffer, { at, from });
    this.#buffer.truncate(cut.token);
    this.#faults = this.#faults.filter((fault) => fault.offset < cut.start);
    this.#cutStrings.push(cut.token);
    const quotes = block ? '"""' : '"';
    const message = `Cannot find the end of the string: expected ${quotes}, found end of file`;
    this.#fault(cut.start, cut.end, message, `close the string with ${quotes}`);
    return this.#push(TokenKind.String, cut.start, cut.end);
  }

  #fault(start: number, end: number, message: string, hint: string): void {
    const made = diagnostic(this.#source, { start, end }, { code: "E-STRING", message, hint });
    this.#faults.push({ offset: start, diagnostic: made });
  }
}

function escapeHint(escape: string): string {
  const known = String.raw`\\ \" \n \t \r \$ \u{…}`;
  return escape === "\\u" ? String.raw`write a code point as \u{1F600}` : String.raw`known are ${known}`;
}
