/**
 * To which item each comment belongs: one on its own line to the next item, or to the end of the block when none follows;
 * one behind an item on the item's line to that item; one behind an opening bracket to the bracket; one in the middle of
 * an item to that item, before which it is printed.
 */
import { type Block, blockOf, type ItemNode } from "./syntax_block.ts";
import type { SyntaxTree, TokenIndex } from "./syntax_tree.ts";

/** A comment with its `#`. */
export interface PlacedComment {
  readonly text: string;
  /** Whether an empty line follows in the source. */
  readonly blankAfter: boolean;
}

/** The comments of one item. */
export interface ItemComments {
  /** Printed on lines of their own before the item. */
  readonly leading: readonly PlacedComment[];
  /** Printed behind the item. */
  readonly trailing: string | undefined;
}

/** The comments of a block and of its items. */
export interface BlockComments {
  /** Printed behind the opening bracket. */
  readonly head: string | undefined;
  /** The comments of each item that has any. */
  readonly items: ReadonlyMap<ItemNode, ItemComments>;
  /** Printed before the closing bracket. */
  readonly end: readonly PlacedComment[];
}

interface MutableItemComments {
  readonly leading: PlacedComment[];
  trailing: string | undefined;
}

/** Whether any comment stands between the brackets of `block`. */
export function hasComments(tree: SyntaxTree, block: Block): boolean {
  return (tree.comments.nextTokens[firstBehind(tree, block.opener)] ?? Infinity) <= block.closer;
}

/** Places the comments between the brackets of `block`, whose items are given in any order. */
export function placeComments(tree: SyntaxTree, block: Block, items: readonly ItemNode[]): BlockComments {
  const placement = new Placement(tree, block, items);
  const { nextTokens, count } = tree.comments;
  for (let comment = firstBehind(tree, block.opener); comment < count; comment++) {
    if ((nextTokens[comment] ?? 0) > block.closer) break;
    placement.place(comment);
  }
  return placement;
}

/** Places one comment after the other, in the order of the text. */
class Placement implements BlockComments {
  readonly items = new Map<ItemNode, MutableItemComments>();
  readonly end: PlacedComment[] = [];
  head: string | undefined;
  readonly #tree: SyntaxTree;
  readonly #opener: TokenIndex;
  readonly #ordered: readonly ItemNode[];
  /** The first item that does not end before the comment. */
  #index = 0;

  constructor(tree: SyntaxTree, block: Block, items: readonly ItemNode[]) {
    this.#tree = tree;
    this.#opener = block.opener;
    this.#ordered = isInOrder(items) ? items : items.toSorted((a, b) => a.first - b.first);
  }

  place(comment: number): void {
    const next = this.#tree.comments.nextTokens[comment] ?? 0;
    while ((this.#ordered[this.#index]?.last ?? Infinity) < next) this.#index++;
    const item = this.#ordered[this.#index];
    const placed = { text: commentText(this.#tree, comment), blankAfter: isBlankAfter(this.#tree, comment) };
    if (item !== undefined && item.first < next) this.#placeInside(item, next, placed);
    else this.#placeBetween(item, next, isOnLineOfToken(this.#tree, comment), placed);
  }

  #placeInside(item: ItemNode, next: TokenIndex, placed: PlacedComment): void {
    const block = blockOf(item);
    // What stands between an item's own brackets is placed when that block is printed.
    if (block === undefined || next <= block.opener) this.#of(item).leading.push(placed);
  }

  #placeBetween(
    item: ItemNode | undefined,
    next: TokenIndex,
    behindToken: boolean,
    placed: PlacedComment,
  ): void {
    const before = this.#ordered[this.#index - 1];
    if (behindToken && before !== undefined) trail(this.#of(before), placed.text);
    else if (behindToken && next - 1 === this.#opener) this.head = placed.text;
    else if (item !== undefined) this.#of(item).leading.push(placed);
    else this.end.push(placed);
  }

  #of(item: ItemNode): MutableItemComments {
    const found = this.items.get(item) ?? { leading: [], trailing: undefined };
    this.items.set(item, found);
    return found;
  }
}

function isInOrder(items: readonly ItemNode[]): boolean {
  return items.every((item, index) => index === 0 || (items[index - 1]?.first ?? 0) < item.first);
}

/** A second comment behind one item pushes the first before it. */
function trail(comments: MutableItemComments, text: string): void {
  if (comments.trailing !== undefined) comments.leading.push({ text: comments.trailing, blankAfter: false });
  comments.trailing = text;
}

/** The index of the first comment that has a token greater than `token` next. */
function firstBehind(tree: SyntaxTree, token: TokenIndex): number {
  let low = 0;
  let high = tree.comments.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tree.comments.nextTokens[middle] ?? 0) <= token) low = middle + 1;
    else high = middle;
  }
  return low;
}

function commentText(tree: SyntaxTree, comment: number): string {
  return tree.source.text.slice(tree.comments.starts[comment], tree.comments.ends[comment]);
}

/** Whether the comment stands behind a token on the token's line. */
function isOnLineOfToken(tree: SyntaxTree, comment: number): boolean {
  const before = (tree.comments.nextTokens[comment] ?? 0) - 1;
  if (before < 0) return false;
  const gap = tree.source.text.slice(tree.tokens.ends[before], tree.comments.starts[comment]);
  return !gap.includes("\n");
}

const BLANK_LINE_REGEXP = /\n\p{White_Space}*\n/u;

function isBlankAfter(tree: SyntaxTree, comment: number): boolean {
  const { starts, ends, nextTokens } = tree.comments;
  const next = nextTokens[comment] ?? 0;
  const stop = nextTokens[comment + 1] === next ? starts[comment + 1] : tree.tokens.starts[next];
  return BLANK_LINE_REGEXP.test(tree.source.text.slice(ends[comment], stop));
}
