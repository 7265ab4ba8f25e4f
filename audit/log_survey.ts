import type { CheckpointTaken } from "../engine/environment_event.ts";
import type { Event } from "../engine/event.ts";
import { eventValues } from "../engine/event_values.ts";
import { GivenUpSecrets } from "../engine/given_up_secrets.ts";
import { eachSealed } from "../engine/sealed_blobs.ts";
import { SealedSecret } from "../engine/value.ts";
import type { Head } from "../store/journal_port.ts";
import type { VoidEvent } from "../store/log_fold.ts";
import type { VerifiedRecord } from "../store/verify_records.ts";

/** What the checks need of a log beside its fold, gathered while it is read once. */
export class LogSurvey {
  readonly voids: VoidEvent[] = [];
  readonly checkpoints: CheckpointTaken[] = [];
  /** Sealed secrets that events name, with the record that named each first. */
  readonly secrets = new Map<string, { readonly sealed: SealedSecret; readonly seq: number }>();
  /** Secrets that an admin has given up, and where. */
  readonly givenUp = new GivenUpSecrets();
  /** Of each record, the first one first. */
  readonly hashes: string[] = [];
  #eventCount = 0;
  #head: Head = { seq: 0, hash: "" };
  #stream = "";

  get eventCount(): number {
    return this.#eventCount;
  }

  /** The last record that was seen; `seq` 0 before the first. */
  get head(): Head {
    return this.#head;
  }

  /** Hash of record 1; empty before it. */
  get stream(): string {
    return this.#stream;
  }

  see({ record, hash, voids }: VerifiedRecord): void {
    this.#head = { seq: record.seq, hash };
    this.hashes.push(hash);
    if (record.seq === 1) this.#stream = hash;
    this.#eventCount += record.events.length;
    this.voids.push(...voids);
    const skipped = new Set(voids.map((each) => each.position.index));
    for (const [index, event] of record.events.entries()) {
      if (skipped.has(index)) continue;
      this.givenUp.see(event, record);
      this.#seeEvent(event, record.seq);
    }
  }

  #seeEvent(event: Event, seq: number): void {
    if (event.type === "CheckpointTaken") this.checkpoints.push(event);
    for (const value of eventValues(event)) {
      eachSealed(value, (blob, digest) => this.#seeSecret(new SealedSecret(blob, digest), seq));
    }
  }

  #seeSecret(sealed: SealedSecret, seq: number): void {
    const key = `${sealed.blob} ${sealed.digest}`;
    if (!this.secrets.has(key)) this.secrets.set(key, { sealed, seq });
  }
}
