import { type Diagnostic, hasErrors } from "../lang/diagnostic.ts";
import { spanOf, type SyntaxTree } from "../lang/syntax_tree.ts";

/** What is wrong by itself, whatever else of the files could not be read. */
const SOUND_CODES: ReadonlySet<string> = new Set([
  "E-ANNOTATION",
  "E-ARG-TYPE",
  "E-COUNT-VALUE",
  "E-DUP-COMPONENT",
  "E-DUP-INSTANCE",
  "E-DUP-LAYER",
  "E-ENUM",
  "E-ENV-UNSET",
  "E-EXPANSION-LIMIT",
  "E-FIELD-TYPE",
  "E-FOREACH-VALUE",
  "E-SECRET",
  "E-UNKNOWN-FIELD",
  "E-UNKNOWN-SECTION",
  "E-UNKNOWN-TYPE",
  "E-UNKNOWN-VAR",
  "W-LIFECYCLE",
]);

/**
 * Of what was found in the parts of files with errors in their form, what cannot be a consequence of these errors: one
 * mistake gives one message, and the rest of the files is checked all the same. Without such errors that is everything.
 */
export function soundFindings(
  trees: readonly SyntaxTree[],
  formErrors: readonly Diagnostic[],
  found: readonly Diagnostic[],
): readonly Diagnostic[] {
  if (!hasErrors(formErrors)) return found;
  const broken = new Set(formErrors.map((each) => declarationKey(trees, each)));
  return found.filter((each) => SOUND_CODES.has(each.code) && !broken.has(declarationKey(trees, each)));
}

/** Names the declaration that a diagnostic stands in, or the place between two. */
function declarationKey(trees: readonly SyntaxTree[], { file, span }: Diagnostic): string {
  const tree = trees.find((each) => each.source.file === file);
  return `${file}:${tree === undefined ? "" : declarationStart(tree, span.start)}`;
}

/** Where the declaration around `offset` begins, or where the one before it ends. */
function declarationStart(tree: SyntaxTree, offset: number): number {
  let low = 0;
  let high = tree.declarations.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const node = tree.declarations[middle];
    if (node !== undefined && spanOf(tree, node).start <= offset) low = middle + 1;
    else high = middle;
  }
  const node = tree.declarations[low - 1];
  if (node === undefined) return -1;
  const { start, end } = spanOf(tree, node);
  return offset < end ? start : -end;
}
