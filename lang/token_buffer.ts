import type { Comments, Tokens } from "./token.ts";

/** Tokens and comments while they are collected: typed arrays that double when they are full. */
export class TokenBuffer {
  #count = 0;
  #kinds: Uint8Array<ArrayBuffer>;
  #starts: Int32Array<ArrayBuffer>;
  #ends: Int32Array<ArrayBuffer>;
  readonly #commentStarts: number[] = [];
  readonly #commentEnds: number[] = [];
  readonly #commentNextTokens: number[] = [];

  /** Makes room for `capacity` tokens. */
  constructor(capacity: number) {
    this.#kinds = new Uint8Array(capacity);
    this.#starts = new Int32Array(capacity);
    this.#ends = new Int32Array(capacity);
  }

  get count(): number {
    return this.#count;
  }

  push(kind: number, start: number, end: number): void {
    if (this.#count === this.#kinds.length) this.#grow();
    this.#kinds[this.#count] = kind;
    this.#starts[this.#count] = start;
    this.#ends[this.#count] = end;
    this.#count++;
  }

  pushComment(start: number, end: number): void {
    this.#commentStarts.push(start);
    this.#commentEnds.push(end);
    this.#commentNextTokens.push(this.#count);
  }

  kind(index: number): number {
    return this.#kinds[index] ?? 0;
  }

  start(index: number): number {
    return this.#starts[index] ?? 0;
  }

  end(index: number): number {
    return this.#ends[index] ?? 0;
  }

  /** Forgets all tokens from `index` on, and the comments behind them. */
  truncate(index: number): void {
    this.#count = index;
    let comments = this.#commentNextTokens.length;
    while (comments > 0 && (this.#commentNextTokens[comments - 1] ?? 0) > index) comments--;
    this.#commentStarts.length = comments;
    this.#commentEnds.length = comments;
    this.#commentNextTokens.length = comments;
  }

  /** The tokens; the arrays show no spare room, which has never been written to and so takes no memory. */
  tokens(): Tokens {
    return {
      count: this.#count,
      kinds: this.#kinds.subarray(0, this.#count),
      starts: this.#starts.subarray(0, this.#count),
      ends: this.#ends.subarray(0, this.#count),
    };
  }

  comments(): Comments {
    return {
      count: this.#commentStarts.length,
      starts: Int32Array.from(this.#commentStarts),
      ends: Int32Array.from(this.#commentEnds),
      nextTokens: Int32Array.from(this.#commentNextTokens),
    };
  }

  #grow(): void {
    const capacity = this.#kinds.length * 2 + 16;
    const [kinds, starts, ends] = [this.#kinds, this.#starts, this.#ends];
    this.#kinds = new Uint8Array(capacity);
    this.#starts = new Int32Array(capacity);
    this.#ends = new Int32Array(capacity);
    this.#kinds.set(kinds);
    this.#starts.set(starts);
    this.#ends.set(ends);
  }
}
