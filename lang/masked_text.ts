/** A file's text without its secrets, for those who show whole lines of it. */
import { lex } from "./lexer.ts";
import { isCommandArgument } from "./secret_word.ts";
import type { SourceText } from "./source_text.ts";
import { decodeString } from "./string_text.ts";
import { TokenKind, type Tokens } from "./token.ts";

/** What stands for each character that is not shown. */
const HIDDEN = "•";

/**
 * The text of a file that has no errors, with a bullet for each character inside the quotes of `secret("…")` and in the texts and
 * numbers that are given to one of `sensitiveNames`. White space stays, and so do lines and columns.
 */
export function maskedText(source: SourceText, sensitiveNames: ReadonlySet<string>): string {
  const { tokens } = lex(source);
  const pieces: string[] = [];
  let at = 0;
  for (const index of hiddenTokens(source, tokens, sensitiveNames)) {
    const start = tokens.starts[index] ?? 0;
    const end = tokens.ends[index] ?? start;
    pieces.push(source.text.slice(at, start), masked(source.text.slice(start, end)));
    at = end;
  }
  return pieces.join("") + source.text.slice(at);
}

function* hiddenTokens(
  source: SourceText,
  tokens: Tokens,
  sensitiveNames: ReadonlySet<string>,
): Generator<number> {
  for (let index = 1; index < tokens.count; index++) {
    if (isSecretText(source, tokens, index)) yield index;
    else if (isSensitiveValue(source, tokens, index, sensitiveNames)) {
      const end = valueEnd(tokens, index);
      for (; index < end; index++) if (isLiteral(tokens, index)) yield index;
      index--;
    }
  }
}

function isSecretText(source: SourceText, tokens: Tokens, index: number): boolean {
  if (tokens.kinds[index] !== TokenKind.String) return false;
  const opens = tokens.kinds[index - 1] === TokenKind.LeftParenthesis;
  return (opens && wordAt(source, tokens, index - 2) === "secret") ||
    isCommandArgument(source, tokens, index);
}

/** Whether a value of a field, an entry or an argument of such a name begins here; or the default of such a parameter. */
function isSensitiveValue(
  source: SourceText,
  tokens: Tokens,
  index: number,
  sensitiveNames: ReadonlySet<string>,
): boolean {
  if (tokens.kinds[index - 1] !== TokenKind.Equals) return false;
  const isTyped = tokens.kinds[index - 3] === TokenKind.Colon;
  return sensitiveNames.has(nameAt(source, tokens, isTyped ? index - 4 : index - 2));
}

/** Behind the last token of the value that begins at `index`: a list or a record ends with its bracket. */
function valueEnd(tokens: Tokens, index: number): number {
  let depth = 0;
  for (let at = index; at < tokens.count; at++) {
    if (isOpening(tokens.kinds[at])) depth++;
    else if (isClosing(tokens.kinds[at])) depth--;
    if (depth <= 0 && tokens.kinds[at + 1] !== TokenKind.LeftParenthesis) return at + 1;
  }
  return tokens.count;
}

function isOpening(kind: number | undefined): boolean {
  return kind === TokenKind.LeftBracket || kind === TokenKind.LeftBrace || kind === TokenKind.LeftParenthesis;
}

function isClosing(kind: number | undefined): boolean {
  return kind === TokenKind.RightBracket || kind === TokenKind.RightBrace ||
    kind === TokenKind.RightParenthesis;
}

function isLiteral(tokens: Tokens, index: number): boolean {
  const kind = tokens.kinds[index];
  const isName = tokens.kinds[index + 1] === TokenKind.Equals;
  return kind === TokenKind.Integer || kind === TokenKind.Decimal || (kind === TokenKind.String && !isName);
}

/** Of a string the quotes at both ends stay: three of a block string, one of others. */
function masked(text: string): string {
  const quotes = !text.startsWith('"') ? 0 : text.length >= 6 && text.startsWith('"""') ? 3 : 1;
  const inner = text.slice(quotes, text.length - quotes)
    .replace(/\S/gu, (character) => HIDDEN.repeat(character.length));
  return text.slice(0, quotes) + inner + text.slice(text.length - quotes);
}

function wordAt(source: SourceText, tokens: Tokens, index: number): string {
  return source.text.slice(tokens.starts[index] ?? 0, tokens.ends[index] ?? 0);
}

/** What an identifier or a string names. */
function nameAt(source: SourceText, tokens: Tokens, index: number): string {
  if (tokens.kinds[index] !== TokenKind.String) return wordAt(source, tokens, index);
  return decodeString(source.text, tokens.starts[index] ?? 0, tokens.ends[index] ?? 0).text;
}
