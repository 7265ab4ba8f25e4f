/** A place in which two lists are laid side by side: the index in each, where it has one. */
export interface AlignedPlace {
  readonly before: number | undefined;
  readonly after: number | undefined;
}

/** Longer stretches that differ are laid side by side by their indices: the work grows with the product of both lengths. */
const LENGTH_LIMIT = 500;

/**
 * Lays two lists side by side so that as many equal elements as possible stand together, in order. What differs between two
 * such places is paired from its start; what is left over comes or goes.
 */
export function alignLists<Element>(
  before: readonly Element[],
  after: readonly Element[],
  isSame: (old: Element, now: Element) => boolean,
): readonly AlignedPlace[] {
  const isSameAt = (old: number, now: number): boolean => {
    const [left, right] = [before[old], after[now]];
    return left !== undefined && right !== undefined && isSame(left, right);
  };
  const limit = Math.min(before.length, after.length);
  let start = 0;
  while (start < limit && isSameAt(start, start)) start++;
  let end = 0;
  while (end < limit - start && isSameAt(before.length - 1 - end, after.length - 1 - end)) end++;
  const middle = {
    start,
    beforeCount: before.length - start - end,
    afterCount: after.length - start - end,
  };
  const rest: Match = { before: before.length - end, after: after.length - end };
  return [
    ...pairs({ before: 0, after: 0 }, start),
    ...aroundMatches({ before: start, after: start }, matchesIn(middle, isSameAt), rest),
    ...pairs(rest, end),
  ];
}

interface Middle {
  /** The index, in both lists, at which they begin to differ. */
  readonly start: number;
  readonly beforeCount: number;
  readonly afterCount: number;
}

interface Match {
  readonly before: number;
  readonly after: number;
}

/** A longest common subsequence, by the table of the lengths of those of all rests. */
function matchesIn(
  { start, beforeCount, afterCount }: Middle,
  isSameAt: (old: number, now: number) => boolean,
): readonly Match[] {
  if (beforeCount === 0 || afterCount === 0) return [];
  if (Math.max(beforeCount, afterCount) > LENGTH_LIMIT) return [];
  const width = afterCount + 1;
  const lengths = new Uint16Array((beforeCount + 1) * width);
  const same = new Uint8Array(beforeCount * width);
  const at = (row: number, column: number) => lengths[row * width + column] ?? 0;
  for (let row = beforeCount - 1; row >= 0; row--) {
    for (let column = afterCount - 1; column >= 0; column--) {
      const isSame = isSameAt(start + row, start + column);
      same[row * width + column] = Number(isSame);
      lengths[row * width + column] = isSame
        ? at(row + 1, column + 1) + 1
        : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const matches: Match[] = [];
  let [row, column] = [0, 0];
  while (row < beforeCount && column < afterCount) {
    if (same[row * width + column] === 1) {
      matches.push({ before: start + row++, after: start + column++ });
    } else if (at(row + 1, column) >= at(row, column + 1)) row++;
    else column++;
  }
  return matches;
}

/** What lies from `from` up to `to`, each match a pair. */
function aroundMatches(from: Match, matches: readonly Match[], to: Match): readonly AlignedPlace[] {
  let next = from;
  const places = matches.flatMap((match) => {
    const before = gap(next, match);
    next = { before: match.before + 1, after: match.after + 1 };
    return [...before, match];
  });
  return [...places, ...gap(next, to)];
}

function gap(from: Match, to: Match): readonly AlignedPlace[] {
  const beforeCount = to.before - from.before;
  const afterCount = to.after - from.after;
  return Array.from({ length: Math.max(beforeCount, afterCount) }, (_, index) => ({
    before: index < beforeCount ? from.before + index : undefined,
    after: index < afterCount ? from.after + index : undefined,
  }));
}

function pairs(from: Match, count: number): readonly AlignedPlace[] {
  return gap(from, { before: from.before + count, after: from.after + count });
}
