import { hasComments, placeComments, type PlacedComment } from "./comment_place.ts";
import { behind } from "./format_block.ts";
import { formatDeclaration } from "./format_declaration.ts";
import type { SyntaxTree } from "./syntax_tree.ts";

/**
 * The canonical text of a tree without errors: two spaces a level, items sorted where their order has no meaning,
 * comments with their items, declarations in source order with an empty line between them.
 */
export function format(tree: SyntaxTree): string {
  const block = { opener: -1, closer: tree.tokens.count - 1 };
  const comments = hasComments(tree, block) ? placeComments(tree, block, tree.declarations) : undefined;
  const pieces = tree.declarations.map((node) => {
    const own = comments?.items.get(node);
    const text = [
      formatOuterComments(own?.leading),
      formatDeclaration(tree, node),
      behind(own?.trailing),
      "\n",
    ];
    // Joined at once, so that what the text was made of can be forgotten with each declaration, not at the end of the file.
    return text.join("");
  });
  const end = formatOuterComments(comments?.end);
  if (end !== "") pieces.push(end.replace(/\n+$/, "\n"));
  return pieces.join("\n");
}

/** Outside all bodies an empty line behind a comment is kept: it may be the header of the file, or of a chapter. */
function formatOuterComments(comments: readonly PlacedComment[] = []): string {
  return comments.map((comment) => comment.blankAfter ? `${comment.text}\n\n` : `${comment.text}\n`).join("");
}
