/** Lets so many go on at once; the others wait for their turn. */
export class Turns {
  #freeCount: number;
  readonly #waiting: (() => void)[] = [];

  constructor(width: number) {
    this.#freeCount = width;
  }

  /** Does `work` when it is its turn. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    await this.#begin();
    try {
      return await work();
    } finally {
      this.#end();
    }
  }

  /** Gives the turn that is held to another until `pause` is over. */
  async giveUpDuring(pause: Promise<unknown>): Promise<void> {
    this.#end();
    await Promise.allSettled([pause]);
    await this.#begin();
  }

  async #begin(): Promise<void> {
    if (this.#freeCount > 0) this.#freeCount--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #end(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#freeCount++;
    else next();
  }
}
