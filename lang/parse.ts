import type { Diagnostic } from "./diagnostic.ts";
import { lex } from "./lexer.ts";
import { Cursor } from "./parse_cursor.ts";
import { parseDeclaration } from "./parse_declaration.ts";
import { skipToDeclaration } from "./parse_recovery.ts";
import type { SourceText } from "./source_text.ts";
import type { Declaration, SyntaxTree } from "./syntax_tree.ts";
import { TokenKind } from "./token.ts";

/** A tree, and what is wrong with the text that it was read from, in the order of the text. */
export interface Parsed {
  readonly tree: SyntaxTree;
  readonly diagnostics: readonly Diagnostic[];
}

/** Parses one file. Never throws: each mistake is reported, what is whole is in the tree. */
export function parse(source: SourceText): Parsed {
  const lexed = lex(source);
  const cursor = new Cursor(source, lexed);
  const declarations: Declaration[] = [];
  while (!cursor.is(TokenKind.EndOfFile)) {
    const start = cursor.at;
    const declaration = parseDeclaration(cursor);
    if (declaration === undefined) skipToDeclaration(cursor, start);
    else declarations.push(declaration);
  }
  const tree = { source, tokens: lexed.tokens, comments: lexed.comments, declarations };
  return { tree, diagnostics: cursor.diagnostics() };
}
