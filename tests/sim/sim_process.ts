import type { Clock } from "../../engine/clock.ts";
import type { Process } from "../support/memory_locks.ts";
import type { VirtualClock } from "../support/virtual_clock.ts";

/** A promise of its own each time: what waits for one that lives on would never be let go of. */
function never(): Promise<never> {
  return new Promise(() => {});
}

/** A machine with clocks of its own. */
export class SimMachine {
  readonly host: string;
  /** Milliseconds by which its wall clock is off. */
  skewMs: number;
  /** Milliseconds that it has slept: its monotonic clock stood still meanwhile. */
  sleptMs = 0;

  constructor(host: string, skewMs: number) {
    this.host = host;
    this.skewMs = skewMs;
  }
}

/**
 * One process of the engine on a simulated machine. It lives only by what passes through its ports: once it is dead nothing
 * that it waits for ever comes, and while it is paused nothing comes yet.
 */
export class SimProcess implements Clock {
  readonly name: string;
  readonly machine: SimMachine;
  readonly locks: Process;
  readonly death: Promise<"died">;
  readonly #clock: VirtualClock;
  readonly #die: (how: "died") => void;
  #isDead = false;
  #pause: Promise<void> | undefined;

  constructor(name: string, machine: SimMachine, locks: Process, clock: VirtualClock) {
    this.name = name;
    this.machine = machine;
    this.locks = locks;
    this.#clock = clock;
    const { promise, resolve } = Promise.withResolvers<"died">();
    this.death = promise;
    this.#die = resolve;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Kills it where it stands; the operating system frees its locks. */
  kill(): void {
    this.#isDead = true;
    this.locks.end();
    this.#die("died");
  }

  /** Nothing passes its ports for `ms`. */
  pause(ms: number): void {
    this.#pause = this.#clock.sleep(ms);
  }

  /** The machine sleeps with it. */
  sleepMachine(ms: number): void {
    this.machine.sleptMs += ms;
    this.pause(ms);
  }

  /** Does `work` for the process, as far as it lives. */
  async through<T>(work: () => Promise<T>): Promise<T> {
    await this.#gate();
    const result = await work();
    await this.#gate();
    return result;
  }

  /**
   * Sends what was decided a moment ago: a pause cannot come between the two, but for the little that the bounds of the protocol
   * leave open on purpose.
   */
  async send<T>(work: () => Promise<T>, delayMs: number): Promise<T> {
    if (delayMs > 0) await this.#clock.sleep(delayMs);
    if (this.#isDead) await never();
    const result = await work();
    await this.#gate();
    return result;
  }

  async #gate(): Promise<void> {
    while (this.#pause !== undefined) {
      const pause = this.#pause;
      await pause;
      if (this.#pause === pause) this.#pause = undefined;
    }
    if (this.#isDead) await never();
  }

  wallMs(): number {
    return this.#clock.wallMs() + this.machine.skewMs;
  }

  monotonicMs(): number {
    return this.#clock.monotonicMs() - this.machine.sleptMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.through(() => this.#clock.sleep(ms, signal));
  }
}
