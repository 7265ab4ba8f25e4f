/** Bodies in braces in canonical form, with the comments of their items. */
import {
  type BlockComments,
  hasComments,
  type ItemComments,
  placeComments,
  type PlacedComment,
} from "./comment_place.ts";
import { INDENT_STEP } from "./format_string.ts";
import type { Block, ItemNode } from "./syntax_block.ts";
import type { SyntaxTree } from "./syntax_tree.ts";

/** An item and its canonical text: the first line without indent, no comments of its own. */
export interface FormattedItem {
  readonly node: ItemNode;
  readonly text: string;
}

/** Items that stand together. Between two groups there is an empty line. */
export interface Group {
  readonly items: readonly FormattedItem[];
  /** Whether an empty line parts the items. */
  readonly spaced: boolean;
  /** Whether the empty line before the group stands even when nothing is above it. */
  readonly blankAbove: boolean;
}

const NO_ITEMS: Group = { items: [], spaced: false, blankAbove: false };

/** Makes a group of nodes in the order given. */
export function group<Node extends ItemNode>(
  nodes: readonly Node[],
  text: (node: Node) => string,
  spacing: "close" | "spaced" | "blank above" = "close",
): Group {
  if (nodes.length === 0) return NO_ITEMS;
  return {
    items: nodes.map((node) => ({ node, text: text(node) })),
    spaced: spacing === "spaced",
    blankAbove: spacing === "blank above",
  };
}

/** The text of `head { … }` at `indent`; its first line is not indented. */
export function formatBody(
  tree: SyntaxTree,
  body: { readonly head: string; readonly block: Block; readonly groups: readonly Group[] },
  indent: string,
): string {
  const comments = bodyComments(tree, body.block, body.groups);
  const inner = indent + INDENT_STEP;
  let text = `${body.head} {${behind(comments?.head)}\n`;
  let anyAbove = false;
  for (const { items, spaced, blankAbove } of body.groups) {
    if (items.length === 0) continue;
    if (anyAbove || blankAbove) text += "\n";
    anyAbove = true;
    items.forEach((item, index) => {
      if (spaced && index > 0) text += "\n";
      text += formatItem(item.text, comments?.items.get(item.node), inner);
    });
  }
  return `${text}${formatComments(comments?.end, inner)}${indent}}`;
}

function bodyComments(tree: SyntaxTree, block: Block, groups: readonly Group[]): BlockComments | undefined {
  if (!hasComments(tree, block)) return undefined;
  return placeComments(tree, block, groups.flatMap((each) => each.items.map((item) => item.node)));
}

/** An item on its lines at `indent`, its comments before and behind it. */
export function formatItem(text: string, comments: ItemComments | undefined, indent: string): string {
  return `${formatComments(comments?.leading, indent)}${indent}${text}${behind(comments?.trailing)}\n`;
}

/** Comments on lines of their own. */
export function formatComments(comments: readonly PlacedComment[] | undefined, indent: string): string {
  return comments === undefined ? "" : comments.map((comment) => `${indent}${comment.text}\n`).join("");
}

/** A comment behind something on its line. */
export function behind(comment: string | undefined): string {
  return comment === undefined ? "" : ` ${comment}`;
}
