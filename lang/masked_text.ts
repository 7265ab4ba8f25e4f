/** A file's text without its secrets, for those who show whole lines of it. */
import { lex } from "./lexer.ts";
import type { SourceText } from "./source_text.ts";
import { TokenKind, type Tokens } from "./token.ts";

/** What stands for each character that is not shown. */
const HIDDEN = "•";

/**
 * The text of a file that has no errors, with a bullet for each character inside the quotes of `secret("…")`. White space stays,
 * and so do lines and columns.
 */
export function maskedText(source: SourceText): string {
  const { tokens } = lex(source);
  const pieces: string[] = [];
  let at = 0;
  for (let index = 2; index < tokens.count; index++) {
    if (!isSecretText(source, tokens, index)) continue;
    const start = tokens.starts[index] ?? 0;
    const end = tokens.ends[index] ?? start;
    pieces.push(source.text.slice(at, start), masked(source.text.slice(start, end)));
    at = end;
  }
  return pieces.join("") + source.text.slice(at);
}

function isSecretText(source: SourceText, tokens: Tokens, index: number): boolean {
  return tokens.kinds[index] === TokenKind.String &&
    tokens.kinds[index - 1] === TokenKind.LeftParenthesis &&
    source.text.slice(tokens.starts[index - 2] ?? 0, tokens.ends[index - 2] ?? 0) === "secret";
}

/** The quotes at both ends stay: three of a block string, one of others. */
function masked(text: string): string {
  const quotes = text.length >= 6 && text.startsWith('"""') ? 3 : 1;
  const inner = text.slice(quotes, -quotes).replace(/\S/gu, (character) => HIDDEN.repeat(character.length));
  return text.slice(0, quotes) + inner + text.slice(text.length - quotes);
}
