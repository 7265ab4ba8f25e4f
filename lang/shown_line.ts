/** How a line of a source is shown: a file may hold secrets, and what is printed ends in the logs of others. */
import { bareValues } from "./bare_value.ts";
import { lex } from "./lexer.ts";
import { lineText, type SourceText, type Span } from "./source_text.ts";
import { TokenKind, type Tokens } from "./token.ts";

/** What stands for each character that is not shown. */
const HIDDEN = "•";
/** Words before a string that names something, and is no value. */
const NAMING: ReadonlySet<string> = new Set(["component", "use", "as", "layer", "over", "include"]);

/**
 * The text of line `line`, counted from 1, to stand beside a diagnostic about `about`. Only texts that name something are
 * shown, and of a value the part that the diagnostic is about: any text may be a password, most of all one that stands where
 * none is expected, or without its quotes. Nothing inside `secret()` or single quotes is shown. Columns stay.
 */
export function shownLine(source: SourceText, line: number, about: Span): string {
  const text = lineText(source, line);
  const lineStart = source.lineStarts[line - 1] ?? source.text.length;
  const { tokens } = lex(source);
  let shown = text;
  for (const { start, end } of [...hiddenSpans(source, tokens, about), ...bareValues(source, tokens)]) {
    if (start - lineStart >= text.length) continue;
    const from = Math.max(0, start - lineStart);
    const to = Math.min(text.length, end - lineStart);
    if (from >= to) continue;
    shown = shown.slice(0, from) + shown.slice(from, to).replace(/[^"\s]/gu, hiddenLike) + shown.slice(to);
  }
  return shown;
}

function hiddenLike(character: string): string {
  return HIDDEN.repeat(character.length);
}

/** What is not shown, in the order of its beginnings. */
function* hiddenSpans(source: SourceText, tokens: Tokens, about: Span): Generator<Span> {
  for (let index = 0; index < tokens.count; index++) {
    const span = { start: tokens.starts[index] ?? 0, end: tokens.ends[index] ?? 0 };
    switch (tokens.kinds[index]) {
      case TokenKind.Identifier:
      case TokenKind.Integer:
      case TokenKind.Decimal:
        if (opensSecret(source, tokens, index - 1)) yield span;
        break;
      case TokenKind.Unknown:
        if (wordAt(source, tokens, index).startsWith("'")) yield quoted(source, span.start);
        break;
      case TokenKind.String:
        yield* hiddenOfString(source, tokens, { index, span, about });
        break;
      default:
    }
  }
}

function* hiddenOfString(
  source: SourceText,
  tokens: Tokens,
  { index, span, about }: { readonly index: number; readonly span: Span; readonly about: Span },
): Generator<Span> {
  if (isName(source, tokens, index)) return;
  if (!isValue(source, tokens, index) || about.end <= span.start || about.start >= span.end) {
    yield span;
    return;
  }
  yield { start: span.start, end: about.start };
  yield { start: about.end, end: span.end };
}

/** Whether the string `index` names a declaration, an annotation's text, a field or a variable. */
function isName(source: SourceText, tokens: Tokens, index: number): boolean {
  if (tokens.kinds[index + 1] === TokenKind.Colon) return true;
  const before = wordAt(source, tokens, index - 1);
  switch (tokens.kinds[index - 1]) {
    case TokenKind.Identifier:
      return NAMING.has(before) || wordAt(source, tokens, index - 2) === "resource" ||
        before === "resource" || tokens.kinds[index - 2] === TokenKind.At;
    case TokenKind.LeftParenthesis:
      return wordAt(source, tokens, index - 2) === "env";
    case TokenKind.Dot:
      return true;
    default:
      return tokens.kinds[index + 1] === TokenKind.Equals && tokens.kinds[index - 1] !== TokenKind.Equals;
  }
}

function isValue(source: SourceText, tokens: Tokens, index: number): boolean {
  switch (tokens.kinds[index - 1]) {
    case TokenKind.Equals:
      return wordAt(source, tokens, index - 2) !== "=";
    case TokenKind.LeftBracket:
    case TokenKind.Comma:
      return true;
    default:
      return false;
  }
}

function opensSecret(source: SourceText, tokens: Tokens, index: number): boolean {
  return tokens.kinds[index] === TokenKind.LeftParenthesis && wordAt(source, tokens, index - 1) === "secret";
}

/** From a single quote to the next one, or to the end of the line. */
function quoted(source: SourceText, start: number): Span {
  const rest = source.text.slice(start + 1, source.text.indexOf("\n", start) + 1 || undefined);
  const length = rest.indexOf("'");
  return { start: start + 1, end: start + 1 + (length === -1 ? rest.length : length) };
}

function wordAt(source: SourceText, tokens: Tokens, index: number): string {
  return source.text.slice(tokens.starts[index] ?? 0, tokens.ends[index] ?? 0);
}
