import { nameText } from "./syntax_text.ts";
import type { IncludeNode, SyntaxTree } from "./syntax_tree.ts";

/** One `include`: the path as it is written, and where. */
export interface IncludedPath {
  readonly path: string;
  readonly node: IncludeNode;
}

/** The includes of a file, in its order. */
export function includesOf(tree: SyntaxTree): readonly IncludedPath[] {
  return tree.declarations.flatMap((node) =>
    node.kind === "include" ? [{ path: nameText(tree, node.path), node }] : []
  );
}
