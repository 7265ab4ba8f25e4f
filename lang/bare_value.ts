/** Values without quotes: what stands where a value is expected and begins none may be a password. */
import { lineIndexAt, type SourceText, type Span } from "./source_text.ts";
import { SECRET_WORDS } from "./secret_word.ts";
import { TokenKind, type Tokens } from "./token.ts";

/** The words that begin a value. */
export const VALUE_WORDS: readonly string[] = [
  "true",
  "false",
  ...SECRET_WORDS,
  "env",
  "param",
  "var",
  "each",
];

/** From each such value to the end of its line, since nobody can tell where it ends. */
export function* bareValues(source: SourceText, tokens: Tokens): Generator<Span> {
  /** What is open here; only a list that is a value holds values behind commas. */
  const brackets: ("list" | "other")[] = [];
  let isWanted = false;
  for (let index = 0; index < tokens.count; index++) {
    const start = isWanted ? bareStart(source, tokens, index) : undefined;
    if (start !== undefined) yield { start, end: lineEnd(source, start) };
    const wasWanted: boolean = isWanted;
    isWanted = false;
    switch (tokens.kinds[index]) {
      case TokenKind.Equals:
        isWanted = wordAt(source, tokens, index - 2) !== "output";
        break;
      case TokenKind.Colon:
        isWanted = tokens.kinds[index - 1] === TokenKind.Identifier &&
          wordAt(source, tokens, index - 2) !== "resource";
        break;
      case TokenKind.LeftBracket:
        brackets.push(wasWanted ? "list" : "other");
        isWanted = wasWanted;
        break;
      case TokenKind.LeftBrace:
      case TokenKind.LeftParenthesis:
        brackets.push("other");
        break;
      case TokenKind.RightBracket:
      case TokenKind.RightBrace:
      case TokenKind.RightParenthesis:
        brackets.pop();
        break;
      case TokenKind.Comma:
        isWanted = brackets.at(-1) === "list";
        break;
      default:
    }
  }
}

/** Where what may be a password begins; `undefined` when a value begins at `index`, or the next item. */
function bareStart(source: SourceText, tokens: Tokens, index: number): number | undefined {
  const start = tokens.starts[index] ?? 0;
  const next = tokens.starts[index + 1] ?? source.text.length;
  const isSameLine = next < lineEnd(source, start);
  const touches = next === tokens.ends[index];
  switch (tokens.kinds[index]) {
    case TokenKind.Identifier:
      if (isNextItem(source, tokens, index)) return undefined;
      if (!VALUE_WORDS.includes(wordAt(source, tokens, index))) return start;
      return isSameLine && isBare(tokens, index + 1) ? next : undefined;
    case TokenKind.Integer:
    case TokenKind.Decimal:
      return touches && isBare(tokens, index + 1) ? start : undefined;
    case TokenKind.Unknown:
      return source.text.startsWith("'", start) ? undefined : start;
    case TokenKind.Hyphen:
    case TokenKind.NumeralWord:
      return start;
    default:
      return undefined;
  }
}

/** Whether `NAME =` begins a line: the value before it lacks. */
function isNextItem(source: SourceText, tokens: Tokens, index: number): boolean {
  const gap = source.text.slice(tokens.ends[index - 1] ?? 0, tokens.starts[index] ?? 0);
  return tokens.kinds[index + 1] === TokenKind.Equals && gap.includes("\n");
}

/** Words that begin the next item on the same line are no part of a value. */
function isBare(tokens: Tokens, index: number): boolean {
  switch (tokens.kinds[index]) {
    case TokenKind.Identifier:
      return tokens.kinds[index + 1] !== TokenKind.Equals && tokens.kinds[index + 1] !== TokenKind.LeftBrace;
    case TokenKind.Unknown:
    case TokenKind.NumeralWord:
    case TokenKind.Hyphen:
      return true;
    default:
      return false;
  }
}

/** Where the line of `offset` ends; a look at the text itself would take long in a long line. */
function lineEnd(source: SourceText, offset: number): number {
  const next = source.lineStarts[lineIndexAt(source, offset) + 1];
  return next === undefined ? source.text.length : next - 1;
}

function wordAt(source: SourceText, tokens: Tokens, index: number): string {
  return source.text.slice(tokens.starts[index] ?? 0, tokens.ends[index] ?? 0);
}
