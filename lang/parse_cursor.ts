/** The parser's place in the tokens, and what it has found wrong so far. */
import { type Diagnostic, diagnostic, severityOf } from "./diagnostic.ts";
import type { Lexed } from "./lexer.ts";
import { positionAt, type SourceText, type Span } from "./source_text.ts";
import { isCommandArgument, SECRET_WORDS } from "./secret_word.ts";
import type { TokenIndex } from "./syntax_tree.ts";
import { TokenKind, type Tokens } from "./token.ts";

/** What a report says, and on which tokens. */
export interface Report {
  readonly code: Diagnostic["code"];
  readonly message: string;
  readonly hint?: string | undefined;
}

/** How many errors, and how many warnings, are kept of one file: nobody reads more, and a broken file may have millions. */
const REPORT_LIMIT = 1000;

/** Reads tokens one after the other. Reports at most one error for a place. */
export class Cursor {
  readonly source: SourceText;
  readonly tokens: Tokens;
  /** The index of the token that is looked at. */
  at: TokenIndex = 0;
  /** How many lists and records are open here. */
  depth = 0;
  /** The last token behind which text was swallowed by a mistake already reported, so that its closing bracket may lack. */
  swallowedAt: TokenIndex = -1;
  /** The last brace whose partner is indented less than its line, and so may belong to another. */
  doubtfulOpener: TokenIndex = -1;
  /** The last token before which a brace may lack that opens a section or a record. */
  lostOpenerAt: TokenIndex = -1;
  readonly #cutStrings: readonly number[];
  readonly #diagnostics: Diagnostic[];
  #lastErrorOffset = -1;
  #nextInterpolation = 0;
  readonly #counts = { error: 0, warning: 0 };

  constructor(source: SourceText, lexed: Lexed) {
    this.source = source;
    this.tokens = lexed.tokens;
    this.#cutStrings = lexed.cutStrings;
    this.#diagnostics = lexed.diagnostics.slice(0, REPORT_LIMIT);
  }

  /** All that was reported, in the order of the text. */
  diagnostics(): readonly Diagnostic[] {
    return this.#diagnostics.toSorted((a, b) => a.span.start - b.span.start);
  }

  get kind(): number {
    return this.tokens.kinds[this.at] ?? TokenKind.EndOfFile;
  }

  /** Whether the token looked at is of `kind`. */
  is(kind: TokenKind): boolean {
    return this.kind === kind;
  }

  kindAt(token: TokenIndex): number {
    return this.tokens.kinds[token] ?? TokenKind.EndOfFile;
  }

  startOf(token: TokenIndex): number {
    return this.tokens.starts[token] ?? this.source.text.length;
  }

  endOf(token: TokenIndex): number {
    return this.tokens.ends[token] ?? this.source.text.length;
  }

  text(token: TokenIndex): string {
    return this.source.text.slice(this.startOf(token), this.endOf(token));
  }

  /** Whether `token` is the identifier `word`; makes no copy of the text. */
  isWord(token: TokenIndex, word: string): boolean {
    const start = this.startOf(token);
    return this.kindAt(token) === TokenKind.Identifier && this.endOf(token) - start === word.length &&
      this.source.text.startsWith(word, start);
  }

  /** Whether `token` follows the token before it without a gap. */
  touches(token: TokenIndex): boolean {
    return this.startOf(token) === this.endOf(token - 1);
  }

  /** Takes the token if it is of `kind`. */
  accept(kind: TokenKind): boolean {
    if (this.kind !== kind) return false;
    this.at++;
    return true;
  }

  /** Takes the token of `kind`, or reports that it lacks. */
  expect(kind: TokenKind, goal: string, wanted: string): TokenIndex | undefined {
    if (this.kind === kind) return this.at++;
    this.unexpected(goal, wanted);
    return undefined;
  }

  /** Takes the identifier `word`, or reports that it lacks. */
  expectWord(word: string, goal: string): boolean {
    if (this.isWord(this.at, word)) {
      this.at++;
      return true;
    }
    this.unexpected(goal, `"${word}"`);
    return false;
  }

  /** Whether `token` is a string that had no end, which has been reported. */
  isCut(token: TokenIndex): boolean {
    return this.#cutStrings.includes(token);
  }

  /** Whether no further error is kept, so that its words need not be found. */
  get isFull(): boolean {
    return this.#counts.error >= REPORT_LIMIT;
  }

  /** Reports that the token looked at is not what `goal` needs here. */
  unexpected(goal: string, wanted: string, hint?: string): void {
    // What a string without end has swallowed lacks behind it; that it has none is reported.
    if (this.isFull || this.isCut(this.at - 1)) return;
    const message = `Cannot read ${goal}: expected ${wanted}, found ${this.describe(this.at)}`;
    this.report(this.at, { code: "E-SYNTAX", message, hint: characterHint(this.text(this.at)) ?? hint });
  }

  /** Reports about one token. */
  report(token: TokenIndex, report: Report): void {
    this.reportSpan({ start: this.startOf(token), end: this.endOf(token) }, report);
  }

  /** Reports about a span; a second error at the same place is left out. */
  reportSpan(span: Span, report: Report): void {
    const severity = severityOf(report.code);
    if (severity === "error") {
      if (span.start === this.#lastErrorOffset) return;
      this.#lastErrorOffset = span.start;
    }
    if (this.#counts[severity]++ < REPORT_LIMIT) {
      this.#diagnostics.push(diagnostic(this.source, span, report));
    }
  }

  /** Reports that the bracket `opener` is not closed, unless a string without end or depth swallowed its end. */
  unclosed(opener: TokenIndex, closer: string, goal: string): void {
    const swallowed = this.swallowedAt > opener ||
      this.#cutStrings.some((token) => token > opener && token < this.at);
    // One missing bracket is noticed at the same place by all brackets around it.
    if (swallowed) return;
    this.swallowedAt = this.at;
    if (this.isFull) return;
    const wanted = `"${closer}" for the "${this.text(opener)}" at ${this.#place(opener)}`;
    const doubtful = this.doubtfulOpener;
    this.report(this.at, {
      code: "E-SYNTAX",
      message: `Cannot find the end of ${goal}: expected ${wanted}, found ${this.describe(this.at)}`,
      hint: doubtful > opener ? `the "{" at ${this.#place(doubtful)} may lack its "}" instead` : undefined,
    });
  }

  #place(token: TokenIndex): string {
    const { line, column } = positionAt(this.source, this.startOf(token));
    return `${line}:${column}`;
  }

  /** Whether the string `token` holds `${`. Asked for in the order of the text. */
  holdsInterpolation(token: TokenIndex): boolean {
    const start = this.startOf(token);
    if (this.#nextInterpolation !== -1 && this.#nextInterpolation < start) {
      this.#nextInterpolation = this.source.text.indexOf("${", start);
    }
    return this.#nextInterpolation !== -1 && this.#nextInterpolation < this.endOf(token);
  }

  /** A token in words for a message; not what a string holds, since one where none is expected may be a password. */
  describe(token: TokenIndex): string {
    if (this.kindAt(token) === TokenKind.EndOfFile) return "end of file";
    const text = this.text(token);
    if (this.kindAt(token) === TokenKind.String) return "a string";
    if (this.kindAt(token) === TokenKind.Identifier && this.#isSecretPlace(token)) {
      return "a word without quotes";
    }
    return text === '"' ? "a quote" : `"${shorten(text)}"`;
  }

  #isSecretPlace(token: TokenIndex): boolean {
    const opens = this.kindAt(token - 1) === TokenKind.LeftParenthesis;
    return (opens && SECRET_WORDS.includes(this.text(token - 2))) ||
      isCommandArgument(this.source, this.tokens, token);
  }
}

const LONGEST = 40;

function shorten(text: string): string {
  // A token may be as long as its file.
  const [line = ""] = text.slice(0, LONGEST * 2 + 2).split(/\r?\n/, 1);
  const characters = [...line];
  return characters.length > LONGEST || line.length < text.length
    ? `${characters.slice(0, LONGEST).join("")}…`
    : line;
}

const CHARACTER_HINTS: ReadonlyMap<string, string> = new Map([
  ["'", "texts stand in double quotes"],
  ["`", "texts stand in double quotes"],
  ["/", "a comment begins with #"],
  [";", "items need no separator"],
  ["+", "numbers have no +"],
  [":", 'write "=" between name and value'],
]);

function characterHint(text: string): string | undefined {
  return CHARACTER_HINTS.get(text.charAt(0));
}
