/** Time, as everything that acts gets it. Made in `cli.ts` and in the simulation, nowhere else. */
export interface Clock {
  /** Milliseconds since 1970 by the wall clock: for people, never for correctness alone. It may jump. */
  wallMs(): number;
  /** Milliseconds since some start, never going back. It may stand still while the machine sleeps. */
  monotonicMs(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when `signal` aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Formats wall time as RFC 3339 in UTC with milliseconds. */
export function formatInstant(wallMs: number): string {
  return new Date(wallMs).toISOString();
}
