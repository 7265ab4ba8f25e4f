/** References to resources, for programs. */
import { record, type Value } from "../engine/value.ts";
import { indexKey, nameText, segmentText } from "./syntax_text.ts";
import type { IndexNode, ReferenceNode, SegmentNode, SyntaxTree } from "./syntax_tree.ts";
import { TokenKind } from "./token.ts";

/**
 * The segments of a reference, those of its output too. With an index, `segments` are kind and name, and the output's stand
 * behind it. A segment in quotes is `{"Quoted": text}`.
 */
export function referenceJson(tree: SyntaxTree, node: ReferenceNode): Value {
  const segments = (nodes: readonly SegmentNode[]): Value => nodes.map((each) => segmentJson(tree, each));
  if (node.index === undefined) return record([["segments", segments([...node.target, ...node.output])]]);
  return record([
    ["segments", segments(node.target)],
    ["index", indexJson(tree, node.index)],
    ["output", segments(node.output)],
  ]);
}

function segmentJson(tree: SyntaxTree, node: SegmentNode): Value {
  return tree.tokens.kinds[node.first] === TokenKind.String
    ? record([["Quoted", nameText(tree, node.first)]])
    : segmentText(tree, node);
}

function indexJson(tree: SyntaxTree, node: IndexNode): Value {
  const key = indexKey(tree, node);
  return key === undefined ? "All" : record([["Key", key]]);
}
