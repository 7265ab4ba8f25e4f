import type { Scope } from "./expand_scope.ts";
import { fieldName, integerValue, stringParts } from "./syntax_text.ts";
import type { StringNode, ValueNode } from "./syntax_tree.ts";

/**
 * The key that an element of a list gives its instance: the text of a string, the decimal text of a whole number. Any
 * other element has none and goes by its position: neither secrets nor environment variables may stand in an address.
 * Parameters count as what is written for them.
 */
export function elementKey(scope: Scope, node: ValueNode): string | undefined {
  if (node.kind === "string") return constantText(scope, node);
  if (node.kind === "integer") return String(integerValue(scope.tree, node));
  if (node.kind !== "param_ref") return undefined;
  return paramKey(scope, fieldName(scope.tree, node));
}

/** The text of a string whose parts are all written in the files. */
function constantText(scope: Scope, node: StringNode): string | undefined {
  let text = "";
  for (const part of stringParts(scope.tree, node)) {
    const piece = part.kind === "text"
      ? part.text
      : part.kind === "param"
      ? paramKey(scope, part.name)
      : undefined;
    if (piece === undefined) return undefined;
    text += piece;
  }
  return text;
}

function paramKey(scope: Scope, name: string): string | undefined {
  const written = scope.params?.get(name)?.written;
  if (written === undefined) return undefined;
  return elementKey({ tree: written.tree, params: undefined, each: undefined }, written.node);
}
