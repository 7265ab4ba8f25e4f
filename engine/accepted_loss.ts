import type { EnvironmentFacts } from "./environment.ts";

/** A record that a restored log does not hold any more, and who took its loss upon themselves. */
export interface AcceptedLoss {
  readonly lostSeq: number;
  readonly lostHash: string;
  /** The last record of the restored log. */
  readonly restoredSeq: number;
  /** The record that accepts the loss. */
  readonly seq: number;
  /** The key that signed it. */
  readonly keyId: string;
  /** Wall time of that record, for people. */
  readonly at: string;
  readonly who: string;
  readonly why?: string;
}

/** A record that somebody has seen. */
export interface SeenRecord {
  readonly seq: number;
  readonly hash: string;
  /**
   * The admin keys of then. Only these can accept its loss: one that was revoked up to there is trusted again by any older copy of
   * the log. Whoever remembers only the record takes the word of every admin key.
   */
  readonly admins?: ReadonlySet<string>;
  /**
   * It stands in a file of the project, and nobody can say whose word counted then: no acceptance excuses it. Whoever accepts the
   * loss writes another record there, which all who have the files can see.
   */
  readonly isWritten?: boolean;
}

/** The acceptance of the loss of exactly this record; `undefined`: nobody has accepted it who can. */
export function acceptedLoss(
  facts: EnvironmentFacts | undefined,
  { seq, hash, admins, isWritten }: SeenRecord,
): AcceptedLoss | undefined {
  if (isWritten === true) return undefined;
  return facts?.losses.find(({ lostSeq, lostHash, keyId }) =>
    lostSeq === seq && lostHash === hash && admins?.has(keyId) !== false
  );
}

/** The record that has accepted a loss last; 0 in a log that was never restored. What was decided before it is not to be gone by. */
export function restoredAt(facts: EnvironmentFacts | undefined): number {
  return facts?.losses.at(-1)?.seq ?? 0;
}
