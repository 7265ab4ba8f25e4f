/**
 * Hash trees of one shape: neighbours are paired level by level, and an odd one at the end is carried up as it is, which is
 * the shape of RFC 6962 section 2.1. Hashes are whatever the caller hashes with; leaves are hashed by the caller too, in
 * another way than nodes, so that no node can be shown as a leaf.
 */

/** Hashes two neighbours into the node above them. */
export type HashNode<T> = (left: T, right: T) => T;

/** Which leaf of how many; 0 is the first. */
export interface LeafPlace {
  readonly index: number;
  readonly count: number;
}

/** The top of the tree over `leaves`; `undefined` without leaves. */
export function merkleTop<T>(leaves: readonly T[], hashNode: HashNode<T>): T | undefined {
  let level = leaves;
  while (level.length > 1) level = levelAbove(level, hashNode);
  return level[0];
}

/** What is hashed together with the leaf `index` on its way up, from the leaf's own neighbour on. */
export function merkleSiblings<T>(leaves: readonly T[], index: number, hashNode: HashNode<T>): readonly T[] {
  const siblings: T[] = [];
  let level = leaves;
  let at = index;
  while (level.length > 1) {
    const sibling = level[at ^ 1];
    if (sibling !== undefined) siblings.push(sibling);
    level = levelAbove(level, hashNode);
    at >>= 1;
  }
  return siblings;
}

/** The top that `leaf` and its siblings lead to; `undefined` when a tree of so many leaves has another number of them. */
export function topOverLeaf<T>(
  leaf: T,
  { index, count }: LeafPlace,
  siblings: readonly T[],
  hashNode: HashNode<T>,
): T | undefined {
  if (!Number.isSafeInteger(index) || index < 0 || index >= count) return undefined;
  let top = leaf;
  let used = 0;
  let at = index;
  for (let width = count; width > 1; width = Math.ceil(width / 2)) {
    if ((at ^ 1) < width) {
      const sibling = siblings[used++];
      if (sibling === undefined) return undefined;
      top = at % 2 === 0 ? hashNode(top, sibling) : hashNode(sibling, top);
    }
    at = Math.floor(at / 2);
  }
  return used === siblings.length ? top : undefined;
}

/**
 * What shows that a tree over the first `size` leaves is the beginning of the one over all: RFC 6962 section 2.1.2. Nothing where
 * it has no leaf, or all of them.
 */
export function merkleGrowth<T>(leaves: readonly T[], size: number, hashNode: HashNode<T>): readonly T[] {
  return size <= 0 || size >= leaves.length ? [] : growthOf(leaves, size, hashNode, "known");
}

/** `old`: whether the reader knows the top over the first `size` leaves already. */
function growthOf<T>(
  leaves: readonly T[],
  size: number,
  hashNode: HashNode<T>,
  old: "known" | "new",
): readonly T[] {
  if (size === leaves.length) return old === "known" ? [] : topOf(leaves, hashNode);
  const half = halfOf(leaves.length);
  const [left, right] = [leaves.slice(0, half), leaves.slice(half)];
  return size <= half
    ? [...growthOf(left, size, hashNode, old), ...topOf(right, hashNode)]
    : [...growthOf(right, size - half, hashNode, "new"), ...topOf(left, hashNode)];
}

/** The largest power of two below `count`. */
function halfOf(count: number): number {
  let half = 1;
  while (half * 2 < count) half *= 2;
  return half;
}

function topOf<T>(leaves: readonly T[], hashNode: HashNode<T>): readonly T[] {
  const top = merkleTop(leaves, hashNode);
  return top === undefined ? [] : [top];
}

function levelAbove<T>(level: readonly T[], hashNode: HashNode<T>): readonly T[] {
  const above: T[] = [];
  for (let at = 0; at < level.length; at += 2) {
    const [left, right] = level.slice(at, at + 2);
    if (left !== undefined) above.push(right === undefined ? left : hashNode(left, right));
  }
  return above;
}
