import type { HeldRunLock, RunLocks } from "../../actors/run_world.ts";

/** Locks of runs on one machine whose processes a test can end. */
export class MemoryLocks {
  readonly #holders = new Map<string, Process | "free">();

  /** The locks as one process has them; `end` of it frees all that it holds. */
  process(): Process {
    return new Process(this.#holders);
  }
}

/** One process. */
export class Process implements RunLocks {
  readonly #holders: Map<string, Process | "free">;

  constructor(holders: Map<string, Process | "free">) {
    this.#holders = holders;
  }

  take(run: string): Promise<HeldRunLock> {
    this.#holders.set(run, this);
    return Promise.resolve({
      release: (mark) => {
        if (mark === "clear") this.#holders.delete(run);
        else this.#holders.set(run, "free");
        return Promise.resolve();
      },
    });
  }

  look(run: string): Promise<"held" | "free" | "unknown"> {
    const holder = this.#holders.get(run);
    if (holder === undefined) return Promise.resolve("unknown");
    return Promise.resolve(holder === "free" ? "free" : "held");
  }

  forget(run: string): Promise<void> {
    if (this.#holders.get(run) === "free") this.#holders.delete(run);
    return Promise.resolve();
  }

  /** The process is gone, by whatever way. */
  end(): void {
    for (const [run, holder] of this.#holders) if (holder === this) this.#holders.set(run, "free");
  }
}
