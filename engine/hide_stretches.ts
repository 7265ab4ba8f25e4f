/** What stands in the place of a secret. */
export const HIDDEN = "(sensitive)";

/** A stretch of a text, in UTF-16 units; `end` is the first one after it. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Puts `(sensitive)` in the place of every stretch; those that overlap become one. */
export function hideStretches(text: string, stretches: readonly Stretch[]): string {
  let hidden = "";
  let end = 0;
  for (const stretch of stretches.toSorted((one, other) => one.start - other.start)) {
    if (stretch.start >= end) hidden += text.slice(end, stretch.start) + HIDDEN;
    end = Math.max(end, stretch.end);
  }
  return hidden + text.slice(end);
}
