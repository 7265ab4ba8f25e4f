import { createHash } from "node:crypto";
import type { Clock } from "../../engine/clock.ts";
import type { Random } from "../../engine/random.ts";

/** What tests of the sim cloud are run with: time that stands until somebody sleeps, and bits that repeat. */

/** A clock that a test moves. Sleeping moves it too, at once. */
export interface TestClock extends Clock {
  advance(ms: number): void;
}

/** Makes a clock that stands at the year 2001. */
export function testClock(): TestClock {
  let now = 1_000_000_000_000;
  return {
    wallMs: () => now,
    monotonicMs: () => now,
    advance: (ms) => {
      now += ms;
    },
    sleep: (ms, signal) => {
      if (signal?.aborted === true) return Promise.reject(signal.reason);
      now += ms;
      return Promise.resolve();
    },
  };
}

/** Makes a clock on which a sleeper sleeps until the test has moved it far enough. */
export function waitingClock(): TestClock {
  const clock = testClock();
  const sleepers = new Set<{ readonly until: number; wake(): void }>();
  return {
    ...clock,
    advance: (ms) => {
      clock.advance(ms);
      for (const sleeper of sleepers) if (sleeper.until <= clock.wallMs()) sleeper.wake();
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = {
          until: clock.wallMs() + ms,
          wake: () => {
            sleepers.delete(sleeper);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      }),
  };
}

/** Makes bits that look random and depend on `seed` alone. */
export function testRandom(seed = "seed"): Random {
  let count = 0;
  return {
    bytes: (size) => {
      const bytes = new Uint8Array(size);
      for (let start = 0; start < size; start += 32) {
        const block = createHash("sha256").update(`${seed} ${count++}`).digest();
        bytes.set(block.subarray(0, Math.min(32, size - start)), start);
      }
      return bytes;
    },
  };
}

/** No faults at all. */
export function noFaults(): undefined {
  return undefined;
}

/** Faults that a test sets: a value, or JSON text as it stands. */
export interface TestFaults {
  set(rules: readonly object[] | string): void;
  faults(): string | undefined;
}

/** Makes faults, none at first. */
export function testFaults(): TestFaults {
  let text: string | undefined;
  return {
    set: (rules) => {
      text = typeof rules === "string" ? rules : JSON.stringify(rules);
    },
    faults: () => text,
  };
}

/** Resolves when everything that waits for nothing outside has run. */
export function settled(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
