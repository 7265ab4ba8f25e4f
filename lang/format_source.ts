import { invariant } from "../engine/invariant.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { type Diagnostic, hasErrors } from "./diagnostic.ts";
import { format } from "./format.ts";
import { parse } from "./parse.ts";
import { type SourceText, sourceText } from "./source_text.ts";
import type { SyntaxTree } from "./syntax_tree.ts";
import { saysTheSame } from "./tree_shape.ts";

/**
 * The canonical text of a file, or what is wrong with it. The result is checked before it is given out: it says the same
 * as the source, holds the same comments, and formatting it again changes nothing.
 */
export function formatSource(source: SourceText): Result<string, readonly Diagnostic[]> {
  const { tree, diagnostics } = parse(source);
  if (hasErrors(diagnostics)) return err(diagnostics);
  const text = format(tree);
  if (text !== source.text) checkFormatted(tree, text);
  return ok(text);
}

function checkFormatted(before: SyntaxTree, text: string): void {
  const after = parse(sourceText(before.source.file, text));
  invariant(!hasErrors(after.diagnostics), "the formatted text has errors");
  invariant(saysTheSame(before, after.tree), "formatting changes what the file says");
  invariant(before.comments.count === after.tree.comments.count, "formatting loses a comment");
  invariant(format(after.tree) === text, "formatting twice differs from formatting once");
}
