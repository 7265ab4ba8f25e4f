import type { RunState } from "../engine/environment.ts";

/** Milliseconds within which a signer outside this machine, such as a KMS on another continent, has signed a record and stored it. */
const SLOW_APPEND_MS = 500;

/** An append that has just been won. */
export interface WonAppend {
  readonly run: string;
  readonly beganMs: number;
  readonly endedMs: number;
}

/**
 * How long a writer leaves the log alone after an append that it has won beside other live runs: as long as the append took,
 * so that the next record may be another's. A signer so slow that it still loses each race would be silent until it is held
 * for dead: from the moment when it must be trying to renew itself it is left as long as a slow signer takes. All times are
 * of this process's monotonic clock; nothing rests on them but who is served first.
 */
export class Courtesy {
  /** When a record of a run was last folded here, by run. */
  readonly #heardMs = new Map<string, number>();
  readonly #openedMs: number;

  constructor(openedMs: number) {
    this.#openedMs = openedMs;
  }

  /** Notes that a record of `run` was folded. */
  heard(run: string, atMs: number): void {
    this.#heardMs.set(run, atMs);
  }

  /** Milliseconds for which the next append waits; 0 beside nobody. */
  pauseMs(won: WonAppend, liveRuns: ReadonlyMap<string, RunState>): number {
    let pauseMs = 0;
    for (const [run, { started }] of liveRuns) {
      if (run === won.run) continue;
      const silentMs = won.endedMs - (this.#heardMs.get(run) ?? this.#openedMs);
      // Nobody waits for one that may be held for dead.
      if (silentMs >= started.ttlMs) continue;
      const isOverdue = silentMs >= started.ttlMs / 3;
      pauseMs = Math.max(pauseMs, isOverdue ? SLOW_APPEND_MS : won.endedMs - won.beganMs);
    }
    return pauseMs;
  }
}
