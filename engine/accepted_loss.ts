import type { EnvironmentFacts } from "./environment.ts";

/** A record that a restored log does not hold any more, and who took its loss upon themselves. */
export interface AcceptedLoss {
  readonly lostSeq: number;
  readonly lostHash: string;
  /** The last record of the restored log. */
  readonly restoredSeq: number;
  /** The record that accepts the loss. */
  readonly seq: number;
  /** Wall time of that record, for people. */
  readonly at: string;
  readonly who: string;
  readonly why?: string;
}

/** The acceptance of the loss of exactly this record; `undefined`: nobody has accepted it. */
export function acceptedLoss(
  facts: EnvironmentFacts | undefined,
  { seq, hash }: { readonly seq: number; readonly hash: string },
): AcceptedLoss | undefined {
  return facts?.losses.find(({ lostSeq, lostHash }) => lostSeq === seq && lostHash === hash);
}

/** The record that has accepted a loss last; 0 in a log that was never restored. What was decided before it is not to be gone by. */
export function restoredAt(facts: EnvironmentFacts | undefined): number {
  return facts?.losses.at(-1)?.seq ?? 0;
}
