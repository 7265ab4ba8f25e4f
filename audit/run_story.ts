import type { RunOutcome, RunStarted } from "../engine/environment_event.ts";
import type { VerifiedRecord } from "../store/verify_records.ts";
import { type AdmittedEvent, Replay, type VerifiedLog } from "./verified_log.ts";

/** What a run did, as its log tells it. */
export interface RunStory {
  readonly project: string;
  readonly environment: string;
  readonly started: RunStarted;
  /** The key that signed its start. */
  readonly keyId: string;
  readonly first: VerifiedRecord;
  /** The record that ended it; records after that say nothing of what it did, but for outcomes that came late. */
  readonly last: VerifiedRecord;
  readonly ending: RunOutcome | "broken" | "revoked";
  /** Events of its own that count. */
  readonly eventCount: number;
  /** The newest version of the schema that each type was used in. */
  readonly schemaVersions: ReadonlyMap<string, number>;
  /** Folded up to `last`. */
  readonly replay: Replay;
}

/** Tells what a run did; `undefined`: the log knows no such run, or nobody has ended it yet. */
export function runStory(log: VerifiedLog, run: string): RunStory | undefined {
  const teller = new StoryTeller(run);
  for (const verified of log.records) {
    const story = teller.take(verified);
    if (story !== undefined) return story;
  }
  return undefined;
}

/** Folds a log until the run has ended. */
class StoryTeller {
  readonly #run: string;
  readonly #replay = new Replay();
  readonly #schemaVersions = new Map<string, number>();
  #start: { readonly started: RunStarted; readonly first: VerifiedRecord } | undefined;
  #ending: RunStory["ending"] | undefined;
  #eventCount = 0;

  constructor(run: string) {
    this.#run = run;
  }

  take(verified: VerifiedRecord): RunStory | undefined {
    this.#replay.take(verified, (admitted) => {
      this.#see(verified, admitted);
      return () => {};
    });
    const opened = this.#replay.environment.facts?.opened;
    if (this.#start === undefined || this.#ending === undefined || opened === undefined) return undefined;
    return {
      project: opened.project,
      environment: opened.environment,
      ...this.#start,
      keyId: this.#start.first.record.by,
      last: verified,
      ending: this.#ending,
      eventCount: this.#eventCount,
      schemaVersions: this.#schemaVersions,
      replay: this.#replay,
    };
  }

  #see(verified: VerifiedRecord, { event, context }: AdmittedEvent): void {
    if (event.type === "RunStarted" && event.run === this.#run) {
      this.#start = { started: event, first: verified };
    }
    if (this.#start === undefined) return;
    const { first } = this.#start;
    if (context.run === this.#run && context.keyId === first.record.by) this.#seeOwn(event);
    if (event.type === "RunBroken" && event.run === this.#run) this.#ending ??= "broken";
    if (event.type === "KeyRevoked" && event.keyId === first.record.by) {
      this.#ending ??= "revoked";
    }
  }

  #seeOwn(event: AdmittedEvent["event"]): void {
    this.#eventCount++;
    switch (event.type) {
      case "RunFinished":
        this.#ending ??= event.outcome;
        return;
      case "EnvironmentClosed":
        this.#ending ??= "succeeded";
        return;
      case "CreateStarted":
      case "Imported":
        return this.#note(event.resourceType, event.schemaVersion);
      case "UpdateStarted":
        return this.#note(this.#typeAt(event.address), event.schemaVersion);
      default:
        return;
    }
  }

  #typeAt(address: string): string | undefined {
    return this.#replay.environment.resources.get(address)?.object?.type;
  }

  #note(type: string | undefined, version: number): void {
    if (type === undefined) return;
    this.#schemaVersions.set(type, Math.max(version, this.#schemaVersions.get(type) ?? 0));
  }
}
