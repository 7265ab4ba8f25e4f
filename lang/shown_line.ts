/** How a line of a source is shown: a file may hold secrets, and what is printed ends in the logs of others. */
import { lex } from "./lexer.ts";
import { lineText, type SourceText, type Span } from "./source_text.ts";
import { TokenKind, type Tokens } from "./token.ts";

/** What stands for each character that is not shown. */
const HIDDEN = "•";

/**
 * The text of line `line`, counted from 1, to stand beside a diagnostic about `about`. Texts that are values are hidden
 * unless the diagnostic is about them, since any of them may be a password; those inside `secret()` always. Columns stay.
 */
export function shownLine(source: SourceText, line: number, about: Span): string {
  const text = lineText(source, line);
  const lineStart = source.lineStarts[line - 1] ?? source.text.length;
  const { tokens } = lex(source);
  let shown = text;
  for (let index = 0; index < tokens.count; index++) {
    const start = (tokens.starts[index] ?? 0) - lineStart;
    const end = (tokens.ends[index] ?? 0) - lineStart;
    if (start >= text.length) break;
    if (end <= 0 || tokens.kinds[index] !== TokenKind.String || !isHidden(source, tokens, index, about)) {
      continue;
    }
    const from = Math.max(0, start);
    const to = Math.min(text.length, end);
    shown = shown.slice(0, from) + shown.slice(from, to).replace(/[^"\s]/gu, hiddenLike) + shown.slice(to);
  }
  return shown;
}

function hiddenLike(character: string): string {
  return HIDDEN.repeat(character.length);
}

function isHidden(source: SourceText, tokens: Tokens, index: number, about: Span): boolean {
  const start = tokens.starts[index] ?? 0;
  const end = tokens.ends[index] ?? 0;
  const isAbout = about.start < end && about.end > start;
  switch (tokens.kinds[index - 1]) {
    case TokenKind.LeftParenthesis:
      return wordAt(source, tokens, index - 2) === "secret";
    case TokenKind.Equals:
    case TokenKind.LeftBracket:
    case TokenKind.Comma:
      return !isAbout;
    default:
      return false;
  }
}

function wordAt(source: SourceText, tokens: Tokens, index: number): string {
  return source.text.slice(tokens.starts[index] ?? 0, tokens.ends[index] ?? 0);
}
