import type { Event } from "../../engine/event.ts";
import type { AppendAnswer, LogBackend, StoredRecord } from "../../store/log_backend.ts";
import type { VirtualClock } from "../support/virtual_clock.ts";
import type { SimProcess } from "./sim_process.ts";

/** What befalls one append. */
export type AppendFate =
  | "well"
  | "crash before"
  | "crash unsynced" // written, not synced: it lives in the page cache only
  | "crash after"
  | "torn" // it dies in the middle of the write: a part of the line is there, or all of it but its end
  | "reply lost" // stored, and the sender does not know
  | "arrives late" // the sender gives up, and then it comes
  | "not sent"; // nothing is stored, and the sender does not know

/** What is wrong with a log that a test has broken on purpose. */
export type DiskFault = "none" | "acknowledgesEarly" | "takenIsOurs" | "readersCut";

/** What the durable log says of one token. */
export interface TokenHistory {
  readonly intent: Event;
  isClosed: boolean;
}

/** The one log that all processes of a simulation write, and what becomes of it when the power fails. */
export class SimDisk {
  readonly #records: Uint8Array[] = [];
  readonly #clock: VirtualClock;
  readonly tokens = new Map<string, TokenHistory>();
  /** What must never be seen in a log. */
  readonly violations: string[] = [];
  fate: (process: SimProcess) => AppendFate = () => "well";
  fault: DiskFault = "none";
  /** Told of each event once it is durable. */
  onEvent: (event: Event) => void = () => {};
  /** Milliseconds from write to sync. */
  syncMs: () => number = () => 0;
  /** How much of the line a torn write leaves, from 0 to below 1; what is more than all but the line end is whole. */
  tornShare: () => number = () => 0;
  #syncedCount = 0;
  /** What a writer that died in its write has left at the end. Readers stop before it. */
  #torn: { readonly bytes: Uint8Array; readonly isWhole: boolean } | undefined;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** Everything that was not synced is gone. */
  losePower(): void {
    this.#records.length = this.#syncedCount;
    this.#torn = undefined;
  }

  get recordCount(): number {
    return this.#records.length;
  }

  /** The log as one process reaches it; without a process, as nothing can befall it. */
  handle(process?: SimProcess): LogBackend {
    const through = <T>(work: () => Promise<T>) => process === undefined ? work() : process.through(work);
    return {
      read: (_environment, fromSeq) => this.#read(fromSeq),
      append: (_environment, seq, bytes) => through(() => this.#append(process, seq, bytes.slice())),
      sync: () =>
        through(() => {
          this.#sync();
          return Promise.resolve();
        }),
      environments: () => Promise.resolve(["dev"]),
    };
  }

  async *#read(fromSeq: number): AsyncGenerator<StoredRecord> {
    if (this.fault === "readersCut") this.#records.length = this.#syncedCount;
    for (let seq = fromSeq; seq <= this.#records.length; seq++) {
      const bytes = this.#records[seq - 1];
      if (bytes !== undefined) yield { seq, bytes };
    }
  }

  async #append(process: SimProcess | undefined, seq: number, bytes: Uint8Array): Promise<AppendAnswer> {
    const fate = process === undefined ? "well" : this.fate(process);
    const stored: AppendAnswer = { kind: "stored", repaired: undefined };
    const again: AppendAnswer = { kind: "again", afterMs: 40 };
    if (fate === "crash before") process?.kill();
    if (process?.isDead === true || fate === "not sent") return again;
    this.#mend();
    if (fate === "torn" && seq === this.#records.length + 1) {
      const share = this.tornShare();
      this.#torn = { bytes, isWhole: share > 0.7 };
      process?.kill();
      return again;
    }
    if (fate === "arrives late") {
      this.#clock.sleep(1_500).then(() => {
        this.#mend();
        if (this.#write(seq, bytes)) this.#sync();
      });
      return again;
    }
    if (this.fault === "acknowledgesEarly") {
      this.#clock.sleep(400).then(() =>
        process?.isDead === true || (this.#write(seq, bytes) && this.#sync())
      );
      return stored;
    }
    if (!this.#write(seq, bytes)) return this.fault === "takenIsOurs" ? stored : { kind: "taken" };
    if (fate === "crash unsynced") {
      process?.kill();
      return again;
    }
    await this.#wait();
    this.#sync();
    if (fate === "crash after") process?.kill();
    return fate === "reply lost" ? again : stored;
  }

  async #wait(): Promise<void> {
    const ms = this.syncMs();
    if (ms > 0) await this.#clock.sleep(ms);
  }

  /** Only an appender mends: a whole line gets its end, anything shorter is cut off; both are synced. */
  #mend(): void {
    const torn = this.#torn;
    this.#torn = undefined;
    if (torn === undefined || !torn.isWhole) return;
    this.#records.push(torn.bytes);
    this.#sync();
  }

  #write(seq: number, bytes: Uint8Array): boolean {
    if (seq !== this.#records.length + 1) return false;
    this.#records.push(bytes);
    return true;
  }

  #sync(): void {
    for (let nth = this.#syncedCount; nth < this.#records.length; nth++) {
      const bytes = this.#records[nth];
      if (bytes !== undefined) this.#index(bytes);
    }
    this.#syncedCount = this.#records.length;
  }

  #index(bytes: Uint8Array): void {
    const [text = ""] = new TextDecoder().decode(bytes).split("\t");
    const { events }: { readonly events: readonly Event[] } = JSON.parse(text);
    for (const event of events) {
      this.#indexEvent(event);
      this.onEvent(event);
    }
  }

  #indexEvent(event: Event): void {
    switch (event.type) {
      case "CreateStarted":
      case "UpdateStarted":
      case "DeleteStarted":
        if (this.tokens.has(event.token)) this.violations.push(`the token ${event.token} has two intents`);
        this.tokens.set(event.token, { intent: event, isClosed: false });
        return;
      case "CreateSucceeded":
      case "CreateFailed":
      case "UpdateSucceeded":
      case "UpdateFailed":
      case "DeleteSucceeded":
      case "DeleteFailed":
      case "OutcomeResolved": {
        const known = this.tokens.get(event.token);
        if (known !== undefined) known.isClosed = true;
        return;
      }
      default:
        return;
    }
  }
}
