/** A place in a text; both numbers begin at 1. */
export interface TextPlace {
  readonly line: number;
  /** In characters, of which a byte-order mark is none. */
  readonly column: number;
}

/** Tells the places of a text: the lines are counted once, so that many places of a large text take no longer than a few. */
export function textPlaces(text: string): (at: number) => TextPlace {
  const starts = [0];
  for (let feed = text.indexOf("\n"); feed >= 0; feed = text.indexOf("\n", feed + 1)) starts.push(feed + 1);
  return (at) => {
    const line = lastAtMost(starts, at);
    const before = text.slice(starts[line] ?? 0, at).replace(/^\uFEFF/, "");
    return { line: line + 1, column: [...before].length + 1 };
  };
}

/** The index of the last number that is not above `limit`; the first is not. */
function lastAtMost(sorted: readonly number[], limit: number): number {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((sorted[middle] ?? 0) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
