import { durableView, Environment, type EnvironmentView } from "../engine/environment.ts";
import type { Event } from "../engine/event.ts";
import { evolveEnvironment, noteRecord, type RecordContext } from "../engine/evolve_environment.ts";
import type { Position } from "../engine/position.ts";
import type { Head } from "../store/journal_port.ts";
import type { VerifiedRecord } from "../store/verify_records.ts";

/** A whole log, verified from its first record on. */
export interface VerifiedLog {
  /** In order, the first one first; not empty. */
  readonly records: readonly VerifiedRecord[];
  /** The last record. */
  readonly head: Head;
  /** The hash of record 1. */
  readonly stream: string;
}

/** An event that was admitted, and where it stands. */
export interface AdmittedEvent {
  readonly event: Event;
  readonly position: Position;
  readonly context: RecordContext;
}

/** The state that `log` tells up to and with the record `seq`. */
export function stateAfter(log: VerifiedLog, seq: number): EnvironmentView {
  const replay = new Replay();
  for (const verified of log.records.slice(0, seq)) replay.take(verified);
  return replay.view();
}

/** Folds records that are verified already once more, up to where somebody wants to look. */
export class Replay {
  readonly environment = new Environment();

  /** Folds a record. `see` is called before and after each of its events, with the draft as it is then. */
  take(
    { record, voids }: VerifiedRecord,
    see: (admitted: AdmittedEvent) => () => void = () => () => {},
  ): void {
    const { seq, at, run, by } = record;
    const context = { seq, at, run, keyId: by };
    const isVoid = new Set(voids.map((each) => each.position.index));
    for (const [index, event] of record.events.entries()) {
      if (isVoid.has(index)) continue;
      const seen = see({ event, position: { seq, index }, context });
      evolveEnvironment(this.environment, event, context);
      seen();
    }
    noteRecord(this.environment, context);
  }

  /** What has been folded so far; it does not move with later records. */
  view(): EnvironmentView {
    this.environment.commit();
    return durableView(this.environment);
  }
}
