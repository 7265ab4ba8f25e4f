import type { SourceText } from "./source_text.ts";
import type { SecretSourceNode } from "./syntax_tree.ts";
import { TokenKind, type Tokens } from "./token.ts";

/** The words before a parenthesis that say where a secret comes from. */
export const SECRET_SOURCES: ReadonlyMap<string, SecretSourceNode["from"]> = new Map([
  ["secret_env", "env"],
  ["secret_file", "file"],
  ["secret_command", "command"],
]);

/** All words whose parentheses hold a secret, or what leads to one. */
export const SECRET_WORDS: readonly string[] = ["secret", ...SECRET_SOURCES.keys()];

/** Whether a token stands where `secret_command("PROGRAM", …)` has an argument: anything may be in it. */
export function isCommandArgument(source: SourceText, tokens: Tokens, index: number): boolean {
  let at = index;
  while (tokens.kinds[at - 1] === TokenKind.Comma && tokens.kinds[at - 2] === TokenKind.String) at -= 2;
  if (at === index || tokens.kinds[at - 1] !== TokenKind.LeftParenthesis) return false;
  return source.text.slice(tokens.starts[at - 2], tokens.ends[at - 2]) === "secret_command";
}
