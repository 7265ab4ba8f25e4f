import { type Span, span } from "../text.ts";

/** How much of what is long is shown: all of it, or parts that say how much they leave out. */
export type Extent = "short" | "full";

/** A stretch of a text, or the number of characters that are left out there. */
export type Piece = string | number;

/** Equal characters that are left around a difference. */
const CONTEXT_CHARACTERS = 30;

/** Shorter gaps would save nothing: the words for them are as long. */
const LEAST_GAP = 20;

/** The first `limit` characters of a text. */
export function cutText(text: string, limit: number): readonly Piece[] {
  const characters = [...text];
  return pieces(characters, { start: 0, end: Math.min(limit, characters.length), limit });
}

/** Two texts, each cut to the part in which it differs from the other: what they share before and behind it is left out. */
export function cutAround(
  before: string,
  after: string,
  limit: number,
): readonly [readonly Piece[], readonly Piece[]] {
  const [old, now] = [[...before], [...after]];
  const least = Math.min(old.length, now.length);
  let start = 0;
  while (start < least && old[start] === now[start]) start++;
  let behind = 0;
  while (behind < least - start && old.at(-1 - behind) === now.at(-1 - behind)) behind++;
  const cut = (characters: readonly string[]) =>
    pieces(characters, {
      start: Math.max(0, start - CONTEXT_CHARACTERS),
      end: Math.min(characters.length, characters.length - behind + CONTEXT_CHARACTERS),
      limit,
    });
  return [cut(old), cut(now)];
}

/** What stands in the place of characters that are left out. */
function gapSpan(count: number): Span {
  return span(`… ${count} characters …`, "cut");
}

/** The pieces with each gap as words; `show` makes the text of a stretch. */
export function pieceSpans(
  cut: readonly Piece[],
  show: (stretch: string) => string,
): readonly Span[] {
  return cut.flatMap((piece, index) => [
    ...(index === 0 ? [] : [span(" ")]),
    typeof piece === "number" ? gapSpan(piece) : span(show(piece)),
  ]);
}

interface Window {
  readonly start: number;
  readonly end: number;
  readonly limit: number;
}

/** A text within the limit is whole; of a longer window the first three quarters of the limit are shown, and its end. */
function pieces(characters: readonly string[], { start, end, limit }: Window): readonly Piece[] {
  const { length } = characters;
  const isClose = (gap: number) => gap < LEAST_GAP;
  if (length <= limit + LEAST_GAP) return [characters.join("")];
  const first = isClose(start) ? 0 : start;
  const last = isClose(length - end) ? length : end;
  const text = (from: number, to: number) => characters.slice(from, to).join("");
  const head = Math.floor(limit * 3 / 4);
  const shown = last - first <= limit + LEAST_GAP ? [text(first, last)] : [
    text(first, first + head),
    last - first - limit,
    text(last - (limit - head), last),
  ];
  return [...(first === 0 ? [] : [first]), ...shown, ...(last === length ? [] : [length - last])];
}
