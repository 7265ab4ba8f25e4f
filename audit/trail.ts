import type { TrustedKey } from "../engine/environment_event.ts";
import { type Event, isResourceEvent } from "../engine/event.ts";
import { formatPosition } from "../engine/position.ts";
import type { LogRecord } from "../engine/record.ts";
import type { VerifiedRecord } from "../store/verify_records.ts";
import { describeEvent } from "./describe_event.ts";

/** What one event did, for people and for exports. */
export interface TrailEntry {
  /** The record, and the event in it where it is not the first. */
  readonly position: string;
  /** Wall time that the writer noted, RFC 3339. */
  readonly at: string;
  readonly run: string;
  /** The name of the key that signed it, as the log binds it. */
  readonly who: string;
  readonly keyId: string;
  /**
   * The command of the run; `undefined` when the run has none in this log, as for record 1, and in a record of another key than
   * the one that started the run.
   */
  readonly command: string | undefined;
  /** The resource that it concerns. */
  readonly address: string | undefined;
  readonly type: Event["type"];
  readonly what: string;
  /** Why the resource is there, in the words of the files at that time. */
  readonly intent: string | undefined;
  /** The event was rightly signed but not admissible: it made nothing true. Which rule refused it. */
  readonly voidBecause: string | undefined;
}

/** What earlier records say about later ones. */
interface Known {
  readonly keys: Map<string, TrustedKey>;
  /** By run. */
  readonly runs: Map<string, { readonly command: string; readonly by: string }>;
  /** The last stated intent, by address. */
  readonly intents: Map<string, string>;
}

/** Tells the history of an environment. `records` are all of its log, verified, from the first one on. */
export function* trail(records: Iterable<VerifiedRecord>): Generator<TrailEntry> {
  const known: Known = { keys: new Map(), runs: new Map(), intents: new Map() };
  for (const { record, voids } of records) {
    const refusals = new Map(voids.map((each) => [each.position.index, each.refusal.kind]));
    for (const [index, event] of record.events.entries()) {
      const voidBecause = refusals.get(index);
      if (voidBecause === undefined) learn(known, record, event);
      yield { ...entryOf(known, record, index, event), voidBecause };
    }
  }
}

function entryOf(
  known: Known,
  record: LogRecord,
  index: number,
  event: Event,
): Omit<TrailEntry, "voidBecause"> {
  const address = aboutOf(event);
  const run = known.runs.get(record.run);
  return {
    position: formatPosition({ seq: record.seq, index }),
    at: record.at,
    run: record.run,
    who: known.keys.get(record.by)?.name ?? record.by,
    keyId: record.by,
    command: run?.by === record.by ? run.command : undefined,
    address,
    type: event.type,
    what: describeEvent(event),
    intent: address === undefined ? undefined : known.intents.get(address),
  };
}

/** What an event is about, where it is about one thing. */
function aboutOf(event: Event): string | undefined {
  if (isResourceEvent(event)) return event.address;
  return event.type === "SecretRevealed" ? event.subject : undefined;
}

function learn(known: Known, { by }: LogRecord, event: Event): void {
  switch (event.type) {
    case "EnvironmentOpened":
      for (const key of event.keys) known.keys.set(key.id, key);
      return;
    case "KeyTrusted":
      known.keys.set(event.key.id, event.key);
      return;
    case "RunStarted":
      known.runs.set(event.run, { command: event.command, by });
      return;
    case "CreateStarted":
    case "UpdateStarted":
    case "Rebound":
      learnIntent(known, event.address, event.description.intent);
      return;
    default:
      return;
  }
}

function learnIntent(known: Known, address: string, intent: string | undefined): void {
  if (intent === undefined) known.intents.delete(address);
  else known.intents.set(address, intent);
}
