/** Of a longer name no other is called near: to find it would take long, and who writes one does not mistype it. */
const LONGEST_NAME = 200;

/**
 * The candidate that `name` was probably meant to be: the least Damerau-Levenshtein distance, at most
 * max(1, a third of its length); the first of equals. `undefined` when none is near.
 */
export function nearName(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > LONGEST_NAME) return undefined;
  const limit = Math.max(1, Math.floor([...name].length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) > limit * 2) continue;
    const distance = editDistance([...name], [...candidate]);
    if (distance > 0 && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
export function editDistance(source: readonly string[], target: readonly string[]): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: target.length + 1 }, (_, index) => index);
  for (let row = 1; row <= source.length; row++) {
    const current = [row];
    for (let column = 1; column <= target.length; column++) {
      const same = source[row - 1] === target[column - 1];
      const swapped = row > 1 && column > 1 && source[row - 1] === target[column - 2] &&
        source[row - 2] === target[column - 1];
      current.push(Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (beforeLast[column - 2] ?? 0) + 1 : Infinity,
      ));
    }
    beforeLast = last;
    last = current;
  }
  return last[target.length] ?? 0;
}
