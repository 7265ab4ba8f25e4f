import { type AlignedPlace, alignLists } from "./align_lists.ts";

/** One line of a comparison, by its index in each text where it has one; 0 is the first. */
export type LineEdit =
  | { readonly kind: "same"; readonly before: number; readonly after: number }
  | { readonly kind: "removed"; readonly before: number }
  | { readonly kind: "added"; readonly after: number };

/**
 * Compares two texts by lines. Lines that stand once in each text hold the comparison in place, so that long texts take little
 * more than their length; between two such lines as many as possible are laid together.
 */
export function diffLines(before: readonly string[], after: readonly string[]): readonly LineEdit[] {
  const edits: LineEdit[] = [];
  let from = { before: 0, after: 0 };
  for (const anchor of [...anchors(before, after), { before: before.length, after: after.length }]) {
    for (const edit of gapEdits(before, after, from, anchor)) edits.push(edit);
    if (anchor.before < before.length) edits.push({ kind: "same", ...anchor });
    from = { before: anchor.before + 1, after: anchor.after + 1 };
  }
  return edits;
}

interface Place {
  readonly before: number;
  readonly after: number;
}

/** Lines that each text holds once, as many of them as stand in one order in both. */
function anchors(before: readonly string[], after: readonly string[]): readonly Place[] {
  const places = uniqueLines(after);
  const found: Place[] = [];
  for (const [text, index] of uniqueLines(before)) {
    const other = places.get(text);
    if (other !== undefined) found.push({ before: index, after: other });
  }
  return longestRise(found);
}

/** The lines that stand once, with their index, in order. */
function uniqueLines(lines: readonly string[]): ReadonlyMap<string, number> {
  const unique = new Map<string, number>();
  const repeated = new Set<string>();
  lines.forEach((text, index) => {
    if (repeated.has(text)) return;
    if (unique.delete(text)) repeated.add(text);
    else unique.set(text, index);
  });
  return unique;
}

/** The longest part of `places` in which `after` rises, by piles as in the game of patience. */
function longestRise(places: readonly Place[]): readonly Place[] {
  interface Card {
    readonly place: Place;
    readonly previous: Card | undefined;
  }
  const piles: Card[] = [];
  for (const place of places) {
    let low = 0;
    let high = piles.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((piles[middle]?.place.after ?? 0) < place.after) low = middle + 1;
      else high = middle;
    }
    piles[low] = { place, previous: piles[low - 1] };
  }
  const rise: Place[] = [];
  for (let card = piles.at(-1); card !== undefined; card = card.previous) rise.push(card.place);
  return rise.reverse();
}

function* gapEdits(
  before: readonly string[],
  after: readonly string[],
  from: Place,
  to: Place,
): Generator<LineEdit> {
  const aligned = alignLists(
    before.slice(from.before, to.before),
    after.slice(from.after, to.after),
    (old, now) => old === now,
  );
  // What goes is told at once, what comes waits for the end of the difference.
  let added: LineEdit[] = [];
  for (const place of aligned) {
    const { before: old, after: now } = inText(place, from);
    if (old !== undefined && now !== undefined && before[old] === after[now]) {
      yield* added;
      added = [];
      yield { kind: "same", before: old, after: now };
      continue;
    }
    if (old !== undefined) yield { kind: "removed", before: old };
    if (now !== undefined) added.push({ kind: "added", after: now });
  }
  yield* added;
}

function inText({ before, after }: AlignedPlace, from: Place): AlignedPlace {
  return {
    before: before === undefined ? undefined : from.before + before,
    after: after === undefined ? undefined : from.after + after,
  };
}
