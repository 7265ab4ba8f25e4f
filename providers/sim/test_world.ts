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
