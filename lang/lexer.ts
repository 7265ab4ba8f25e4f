/**
 * Text to tokens. Never fails: a character that begins no token becomes an `Unknown` token, which the parser refuses in
 * its place; a string without an end is cut by `unterminated_string.ts` so that the rest of the file can be read.
 */
import { digitsEnd, isDigit, isWhiteSpace, isWordPart, isWordStart, wordEnd } from "./character.ts";
import { type Diagnostic, diagnostic } from "./diagnostic.ts";
import type { SourceText } from "./source_text.ts";
import { blockStringEnd, firstBadEscape, NO_END, plainStringEnd } from "./string_scan.ts";
import { isBlockString } from "./string_text.ts";
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

/** No token begins like this, or one that takes a closer look. */
const OTHER = TokenKind.EndOfFile;
const WHITE_SPACE = 255;

/** The kind of the token that each ASCII character begins, or is; else `WHITE_SPACE` or `OTHER`. */
const ASCII_KINDS = asciiKinds([
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

function asciiKinds(punctuation: readonly (readonly [string, TokenKind])[]): Uint8Array {
  const table = new Uint8Array(128);
  for (let unit = 0; unit < table.length; unit++) {
    if (isWhiteSpace(unit)) table[unit] = WHITE_SPACE;
    else if (isWordStart(unit)) table[unit] = TokenKind.Identifier;
  }
  for (const [character, kind] of punctuation) table[character.charCodeAt(0)] = kind;
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
  /** The first backslash that is not before the string looked at last; -1 when that is not known. */
  #backslash = -1;
  #faults: { readonly offset: number; readonly diagnostic: Diagnostic }[] = [];

  constructor(source: SourceText) {
    this.#source = source;
    this.#text = source.text;
    this.#buffer = new TokenBuffer((source.text.length >> 2) + 16);
  }

  run(): Lexed {
    this.#readAll();
    this.#push(TokenKind.EndOfFile, this.#text.length, this.#text.length);
    return {
      tokens: this.#buffer.tokens(),
      comments: this.#buffer.comments(),
      diagnostics: this.#faults.map((fault) => fault.diagnostic),
      cutStrings: this.#cutStrings,
    };
  }

  /**
   * One loop over the text. What most of a text is made of, spaces, words and punctuation, is read in the loop itself: it
   * is compiled while it runs, long before a function that each token calls would be (3 of 14 ms for 1.2 MB).
   */
  #readAll(): void {
    const text = this.#text;
    const length = text.length;
    const buffer = this.#buffer;
    let at = 0;
    while (at < length) {
      const unit = text.charCodeAt(at);
      const kind = ASCII_KINDS[unit] ?? OTHER;
      if (kind === WHITE_SPACE) {
        at++;
      } else if (kind === TokenKind.Identifier) {
        const start = at;
        at = wordEnd(text, start + 1);
        buffer.push(kind, start, at);
      } else if (kind !== OTHER) {
        buffer.push(kind, at, ++at);
      } else {
        at = this.#next(at);
      }
    }
  }

  /** Reads what `#readAll` does not read itself; answers where to go on. */
  #next(at: number): number {
    const codePoint = this.#text.codePointAt(at) ?? 0;
    if (codePoint === QUOTE) return this.#string(at);
    if (isDigit(codePoint)) return this.#number(at);
    if (codePoint === HASH) return this.#comment(at);
    if (codePoint === HYPHEN) return this.#hyphen(at);
    if (isWhiteSpace(codePoint)) return at + 1;
    if (isWordStart(codePoint)) return this.#push(TokenKind.Identifier, at, wordEnd(this.#text, at));
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
    const block = isBlockString(this.#text, at);
    const end = block ? blockStringEnd(this.#text, at) : plainStringEnd(this.#text, at);
    if (!block) this.#checkEscapes(at, end === NO_END ? this.#text.length : end);
    return end === NO_END ? this.#cut(at, block) : this.#push(TokenKind.String, at, end);
  }

  /** Reports the first escape of a plain string that does not exist. */
  #checkEscapes(start: number, end: number): void {
    if (this.#backslash < start) this.#backslash = offsetOf(this.#text, "\\", start);
    if (this.#backslash >= end) return;
    const bad = firstBadEscape(this.#text, this.#backslash, end);
    if (bad !== undefined) this.#badEscape(bad);
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
    this.#backslash = -1;
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

/** The offset of `wanted` at `start` or behind it; infinite when there is none. */
function offsetOf(text: string, wanted: string, start: number): number {
  const found = text.indexOf(wanted, start);
  return found === -1 ? Infinity : found;
}

function escapeHint(escape: string): string {
  const known = String.raw`\\ \" \n \t \r \$ \u{…}`;
  return escape === "\\u" ? String.raw`write a code point as \u{1F600}` : String.raw`known are ${known}`;
}
