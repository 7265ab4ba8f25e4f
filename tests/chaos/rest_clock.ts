import type { Clock } from "../../engine/clock.ts";
import { turn, VirtualClock } from "../support/virtual_clock.ts";
import type { OsWork } from "./os_work.ts";

/** Turns of the event loop without any work of the operating system after which nothing but time can go on. */
const TURNS_OF_REST = 6;

/** A virtual clock for work that really reads and writes files: it jumps to the next sleeper when all is at rest. */
export class RestClock implements Clock {
  readonly #clock = new VirtualClock();
  readonly #work: OsWork;
  #sleeperCount = 0;
  #isWatching = false;
  #asked = 0;

  constructor(work: OsWork) {
    this.#work = work;
  }

  wallMs(): number {
    this.#asked++;
    return this.#clock.wallMs();
  }

  monotonicMs(): number {
    this.#asked++;
    return this.#clock.monotonicMs();
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.#asked++;
    this.#sleeperCount++;
    const rest = this.#clock.sleep(ms, signal);
    this.#watch();
    try {
      await rest;
    } finally {
      this.#sleeperCount--;
    }
  }

  /** Time passes at once. */
  jump(ms: number): void {
    this.#clock.jump(ms);
  }

  async #watch(): Promise<void> {
    if (this.#isWatching) return;
    this.#isWatching = true;
    let restingTurns = 0;
    for (let seen = -1; this.#sleeperCount > 0;) {
      await turn();
      const isMoving = this.#work.count > 0 || seen !== this.#asked;
      seen = this.#asked;
      restingTurns = isMoving ? 0 : restingTurns + 1;
      if (restingTurns < TURNS_OF_REST) continue;
      this.#clock.wakeNext();
      restingTurns = 0;
    }
    this.#isWatching = false;
  }
}
