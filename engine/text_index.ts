import { invariant } from "./invariant.ts";
import type { Stretch } from "./hide_stretches.ts";

const SLOT_COUNT = 1 << 20;
const WINDOW_BITS = 32;

/**
 * Many texts, all of which are looked for in one go over another text. What a place of the other text costs does not grow with
 * how many there are: a table of hashes says that hardly any place begins like one of them, and texts that begin alike are told
 * apart by length.
 */
export class TextIndex {
  readonly #startLength: number;
  /** By the first units, then by length. */
  readonly #byStart = new Map<string, Map<number, Set<string>>>();
  /** 1 where the two hashes of the first units of a text fall. Made when the first text is held. */
  #slots = new Uint8Array(0);

  /** `startLength` is how many UTF-16 units each text has at least; the more they are, the faster is the search. */
  constructor(startLength: 4 | 8) {
    this.#startLength = startLength;
  }

  /** Holds a text. */
  add(text: string): void {
    invariant(text.length >= this.#startLength, "A text that is looked for is not shorter than its start");
    const start = text.slice(0, this.#startLength);
    const byLength = this.#byStart.get(start) ?? new Map<number, Set<string>>();
    const alike = byLength.get(text.length) ?? new Set<string>();
    alike.add(text);
    this.#byStart.set(start, byLength.set(text.length, alike));
    if (this.#slots.length === 0) this.#slots = new Uint8Array(SLOT_COUNT);
    const window = this.#windowOf(start);
    this.#slots[slotOf(window)] = 1;
    this.#slots[otherSlotOf(window)] = 1;
  }

  /** Whether `text` holds one of them. */
  isIn(text: string): boolean {
    return this.#next(text, 0) !== undefined;
  }

  /** Where in `text` one of them stands: at each place the longest. */
  stretchesIn(text: string): readonly Stretch[] {
    const stretches: Stretch[] = [];
    for (let next = this.#next(text, 0); next !== undefined; next = this.#next(text, next.start + 1)) {
      stretches.push(next);
    }
    return stretches;
  }

  #next(text: string, from: number): Stretch | undefined {
    const slots = this.#slots;
    if (slots.length === 0) return undefined;
    const shift = WINDOW_BITS / this.#startLength;
    const before = this.#startLength - 1;
    let window = 0;
    for (let last = from; last < text.length; last++) {
      window = nextWindow(window, text.charCodeAt(last), shift);
      const start = last - before;
      if (start < from || slots[slotOf(window)] === 0 || slots[otherSlotOf(window)] === 0) continue;
      const length = this.#longestAt(text, start);
      if (length > 0) return { start, end: start + length };
    }
    return undefined;
  }

  #longestAt(text: string, start: number): number {
    const byLength = this.#byStart.get(text.slice(start, start + this.#startLength));
    let longest = 0;
    for (const [length, alike] of byLength ?? []) {
      if (length > longest && alike.has(text.slice(start, start + length))) longest = length;
    }
    return longest;
  }

  #windowOf(start: string): number {
    const shift = WINDOW_BITS / this.#startLength;
    return Array.from({ length: start.length }, (_, index) => start.charCodeAt(index))
      .reduce((window, unit) => nextWindow(window, unit, shift), 0);
  }
}

/** The bits of a window stand for its last units only: each unit that comes pushes the oldest one out. */
function nextWindow(window: number, unit: number, shift: number): number {
  return (window << shift) ^ Math.imul(unit + 1, 0x9e3779b1);
}

function slotOf(window: number): number {
  return Math.imul(window, 0x85ebca6b) >>> 12;
}

function otherSlotOf(window: number): number {
  return Math.imul(window, 0xc2b2ae35) >>> 12;
}
