import type { Clock } from "../../engine/clock.ts";

interface Sleeper {
  readonly atMs: number;
  readonly order: number;
  wake(): void;
}

/**
 * Time that passes only when nothing else can happen: then it jumps to whoever sleeps shortest. Everything under test must
 * run on promises alone, so that one turn of the event loop lets it come to rest.
 */
export class VirtualClock implements Clock {
  readonly #sleepers: Sleeper[] = [];
  readonly #startWallMs: number;
  #nowMs = 0;
  #skewMs = 0;
  #count = 0;

  constructor(startWallMs: number = Date.UTC(2026, 0, 2, 3, 4, 5)) {
    this.#startWallMs = startWallMs;
  }

  wallMs(): number {
    return this.#startWallMs + this.#nowMs + this.#skewMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason);
      const leave = () => {
        this.#remove(sleeper);
        reject(signal?.reason);
      };
      const sleeper: Sleeper = {
        atMs: this.#nowMs + Math.max(0, ms),
        order: this.#count++,
        wake: () => {
          signal?.removeEventListener("abort", leave);
          resolve();
        },
      };
      this.#sleepers.push(sleeper);
      signal?.addEventListener("abort", leave, { once: true });
    });
  }

  /** The wall clock jumps; the other one stands. */
  jumpWall(ms: number): void {
    this.#skewMs += ms;
  }

  /** Time passes at once, whoever sleeps: those due wake when the event loop turns. */
  jump(ms: number): void {
    this.#nowMs += ms;
  }

  /** Lets time pass until `work` has come to its end. Fails when nothing can happen any more. */
  async run<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    const end = () => {
      isOver = true;
    };
    work.then(end, end);
    for (;;) {
      await turn();
      if (isOver) return await work;
      if (!this.wakeNext()) throw new Error("Nothing can happen any more, and the work has not ended");
    }
  }

  /** Lets all that can happen now happen, no time passing. */
  async settle(): Promise<void> {
    await turn();
  }

  /** Jumps to whoever sleeps shortest. */
  wakeNext(): boolean {
    let first: Sleeper | undefined;
    for (const each of this.#sleepers) {
      if (
        first === undefined || each.atMs < first.atMs ||
        (each.atMs === first.atMs && each.order < first.order)
      ) {
        first = each;
      }
    }
    if (first === undefined) return false;
    this.#remove(first);
    this.#nowMs = Math.max(this.#nowMs, first.atMs);
    first.wake();
    return true;
  }

  #remove(sleeper: Sleeper): void {
    const index = this.#sleepers.indexOf(sleeper);
    if (index >= 0) this.#sleepers.splice(index, 1);
  }
}

/** One turn of the event loop: every promise that can settle has settled after it. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
