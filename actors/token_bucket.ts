import type { Clock } from "../engine/clock.ts";

/** Lets so many calls a second through, in the order in which they ask; a second's worth may come at once. */
export class TokenBucket {
  readonly #clock: Clock;
  readonly #perSecond: number;
  #tokenCount: number;
  #countedAtMs: number;

  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock;
    this.#perSecond = perSecond;
    this.#tokenCount = Math.max(1, perSecond);
    this.#countedAtMs = clock.monotonicMs();
  }

  /** Resolves when the caller may call; rejects with the signal's reason when `signal` aborts first. */
  async take(signal: AbortSignal): Promise<void> {
    const nowMs = this.#clock.monotonicMs();
    const grown = this.#tokenCount + (nowMs - this.#countedAtMs) * this.#perSecond / 1_000;
    this.#countedAtMs = nowMs;
    // A debt is the place in the line: each who waits has taken its token already.
    this.#tokenCount = Math.min(Math.max(1, this.#perSecond), grown) - 1;
    if (this.#tokenCount >= 0) return;
    await this.#clock.sleep(Math.ceil(-this.#tokenCount * 1_000 / this.#perSecond), signal);
  }
}
