import type { Refusal } from "../engine/admit.ts";
import type { EnvironmentView } from "../engine/environment.ts";
import type { Event } from "../engine/event.ts";
import type { Position } from "../engine/position.ts";
import type { Result } from "../engine/result.ts";

/**
 * The log of one environment as those who act see it.
 *
 *   J1. What arrives while a write is in flight goes into one record with the next (group commit).
 *   J2. Before each signing every batch is admitted on the durable state, event by event, each on top of the one before.
 *   J3. A batch is appended whole or not at all, and `append` resolves only when it is durable and folded.
 *   J4. `state` shows an event only once it is durable.
 *   J5. After a write or a sync has failed nothing is acknowledged any more: every append rejects.
 *   J6. After winning an append beside another live run, the log is left alone for the time of one append, so that slow
 *       signers live.
 */
export interface Journal {
  readonly environment: string;
  /** The hash of record 1, which names this incarnation of the environment. */
  readonly stream: string;
  readonly head: Head;
  readonly state: EnvironmentView;
  /** Appends all events of `batch` or none. A refusal names the first event that may not be appended. */
  append(batch: Batch): Promise<Result<Position, Refusal>>;
  /** Folds what others have appended since. */
  refresh(): Promise<void>;
}

/** The last record. */
export interface Head {
  readonly seq: number;
  /** BLAKE3 of its canonical bytes, in hex. */
  readonly hash: string;
}

/** Events that belong together, of one run. */
export interface Batch {
  readonly run: string;
  readonly events: readonly Event[];
  /** The version of each resource named that the events were decided on. */
  readonly decidedOn: ReadonlyMap<string, number>;
}
