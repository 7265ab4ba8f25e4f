import type { RunOutcome, RunStarted, TrustedKey } from "../engine/environment_event.ts";
import type { Event } from "../engine/event.ts";
import { formatPosition } from "../engine/position.ts";
import type { LogRecord } from "../engine/record.ts";
import type { VerifiedRecord } from "../store/verify_records.ts";

/** What a run did, counted by events. */
export const RUN_COUNTS = [
  "created",
  "updated",
  "deleted",
  "failed",
  "skipped",
  "unknown",
  "settled",
] as const;

export type RunCount = typeof RUN_COUNTS[number];

/** How a run came to its end. */
export type RunEnding =
  | { readonly kind: "finished"; readonly outcome: RunOutcome; readonly at: string }
  /** Another run held it for dead. */
  | {
    readonly kind: "broken";
    readonly reason: "lockFree" | "silent";
    readonly by: string;
    readonly at: string;
  }
  /** The key that signed its records was revoked. */
  | { readonly kind: "revoked"; readonly at: string };

/** One run, as the log tells it. */
export interface RunSummary {
  readonly started: RunStarted;
  /** The name of the key that signs it. */
  readonly keyName: string;
  /** Wall time that the writer noted, RFC 3339. */
  readonly startedAt: string;
  /** Its last record. Outcomes of a run may come after its end. */
  readonly last: { readonly seq: number; readonly at: string };
  /** `undefined` while nobody has said that it ended. */
  readonly end: RunEnding | undefined;
  readonly counts: Readonly<Record<RunCount, number>>;
}

/** A run that is being read. */
interface OpenSummary {
  readonly started: RunStarted;
  readonly keyId: string;
  readonly startedAt: string;
  last: RunSummary["last"];
  end: RunEnding | undefined;
  readonly counts: Record<RunCount, number>;
}

/** Tells of every run in the order in which they started. `records` are all of a log, verified, from the first one on. */
export function runHistory(records: Iterable<VerifiedRecord>): readonly RunSummary[] {
  const keys = new Map<string, TrustedKey>();
  const runs = new Map<string, OpenSummary>();
  for (const { record, voids } of records) {
    const passedOver = new Set(voids.map((each) => formatPosition(each.position)));
    for (const [index, event] of record.events.entries()) {
      if (passedOver.has(formatPosition({ seq: record.seq, index }))) continue;
      if (event.type === "EnvironmentOpened") event.keys.forEach((key) => keys.set(key.id, key));
      if (event.type === "KeyTrusted") keys.set(event.key.id, event.key);
      learn(runs, record, event);
    }
  }
  return [...runs.values()].map(({ keyId, ...run }) => ({ ...run, keyName: keys.get(keyId)?.name ?? keyId }));
}

function learn(runs: Map<string, OpenSummary>, record: LogRecord, event: Event): void {
  const { at, seq, run } = record;
  if (event.type === "RunStarted") {
    runs.set(event.run, {
      started: event,
      keyId: record.by,
      startedAt: at,
      last: { seq, at },
      end: undefined,
      counts: { created: 0, updated: 0, deleted: 0, failed: 0, skipped: 0, unknown: 0, settled: 0 },
    });
  }
  endOthers(runs, record, event);
  const own = runs.get(run);
  // What another key signs under the name of a run is not of that run.
  if (own?.keyId !== record.by) return;
  own.last = { seq, at };
  if (event.type === "RunFinished") own.end ??= { kind: "finished", outcome: event.outcome, at };
  const count = countOf(event);
  if (count !== undefined) own.counts[count]++;
}

function endOthers(runs: ReadonlyMap<string, OpenSummary>, { at, run }: LogRecord, event: Event): void {
  if (event.type === "RunBroken") {
    const broken = runs.get(event.run);
    if (broken !== undefined) broken.end ??= { kind: "broken", reason: event.reason, by: run, at };
  }
  if (event.type !== "KeyRevoked") return;
  for (const each of runs.values()) if (each.keyId === event.keyId) each.end ??= { kind: "revoked", at };
}

function countOf({ type }: Event): RunCount | undefined {
  switch (type) {
    case "CreateSucceeded":
      return "created";
    case "UpdateSucceeded":
      return "updated";
    case "DeleteSucceeded":
      return "deleted";
    case "CreateFailed":
    case "UpdateFailed":
    case "DeleteFailed":
      return "failed";
    case "Skipped":
      return "skipped";
    case "OutcomeUnknown":
      return "unknown";
    case "OutcomeResolved":
      return "settled";
    default:
      return undefined;
  }
}
