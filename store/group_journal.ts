import type { Refusal } from "../engine/admit.ts";
import { formatInstant } from "../engine/clock.ts";
import { durableView, type EnvironmentView } from "../engine/environment.ts";
import { asStored } from "../engine/event_codec.ts";
import { invariant } from "../engine/invariant.ts";
import type { Position } from "../engine/position.ts";
import { type LogRecord, RECORD_VERSION } from "../engine/record.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { admitGroup } from "./admit_group.ts";
import { Courtesy } from "./courtesy.ts";
import { deliverRecord } from "./deliver_record.ts";
import type { JournalParts, OpenJournal } from "./journal.ts";
import type { Batch, Head } from "./journal_port.ts";
import { extendFold } from "./load_log.ts";
import type { Repair } from "./log_backend.ts";
import type { LogFold } from "./log_fold.ts";
import { type SealedRecord, sealRecord } from "./seal_record.ts";
import type { VerifiedRecord } from "./verify_records.ts";

/** Microtasks in which nothing more arrives, after which a group is written. */
const QUIET_TURNS = 100;

/** Milliseconds before a store is asked again that says both "taken" and "nothing there". */
const CONTRADICTION_WAIT_MS = 100;

/** A batch that waits for its record, and whom to tell. */
interface Waiting {
  readonly batch: Batch;
  readonly answer: PromiseWithResolvers<Result<Position, Refusal>>;
}

/** Keeps J1 to J6 of the port. Writes and refreshes take turns, so that one at a time touches the fold. */
export class GroupJournal implements OpenJournal {
  readonly state: EnvironmentView;
  readonly #parts: JournalParts;
  readonly #fold: LogFold;
  readonly #closing = new AbortController();
  #waiting: Waiting[] = [];
  #inFlight: readonly Waiting[] = [];
  #lastTurn: Promise<void> = Promise.resolve();
  readonly #courtesy: Courtesy;
  /** Until when the log is left to others. */
  #pausedUntilMs = 0;

  constructor(parts: JournalParts, fold: LogFold) {
    this.#parts = parts;
    this.#fold = fold;
    this.state = durableView(fold.environment);
    this.#courtesy = new Courtesy(parts.clock.monotonicMs());
  }

  get environment(): string {
    return this.#fold.name;
  }

  get stream(): string {
    return this.#fold.stream;
  }

  get head(): Head {
    return this.#fold.head;
  }

  async append(batch: Batch): Promise<Result<Position, Refusal>> {
    this.#closing.signal.throwIfAborted();
    invariant(batch.events.length > 0, "A batch holds at least one event");
    const answer = Promise.withResolvers<Result<Position, Refusal>>();
    this.#waiting.push({ batch: { ...batch, events: batch.events.map(asStored) }, answer });
    if (this.#waiting.length === 1 && this.#inFlight.length === 0) this.#takeTurn(() => this.#writeGroup());
    return await answer.promise;
  }

  async refresh(): Promise<void> {
    await this.#takeTurn(async () => void await this.#foldTail());
  }

  close(reason: Error): void {
    this.#end(reason);
  }

  #end(reason: unknown): void {
    this.#closing.abort(reason);
    const unanswered = [...this.#inFlight, ...this.#waiting];
    this.#waiting = [];
    for (const each of unanswered) each.answer.reject(this.#closing.signal.reason);
  }

  /** Runs `work` after all turns before it. A turn that fails is the last one (J5). */
  #takeTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#lastTurn.then(() => {
      this.#closing.signal.throwIfAborted();
      return work();
    });
    this.#lastTurn = turn.then(undefined, (reason) => this.#end(reason));
    return turn;
  }

  async #writeGroup(): Promise<void> {
    await this.#letOthers();
    await this.#gather();
    const group = this.#takeGroup();
    this.#inFlight = group;
    while (!(await this.#tryGroup(group)));
    this.#inFlight = [];
    if (this.#waiting.length > 0) this.#takeTurn(() => this.#writeGroup());
  }

  /** After an append that was won beside other live runs, the next record may be theirs (J6). */
  async #letOthers(): Promise<void> {
    const { clock } = this.#parts;
    const leftMs = this.#pausedUntilMs - clock.monotonicMs();
    if (leftMs > 0) await clock.sleep(leftMs, this.#closing.signal);
  }

  /**
   * Lets arrive what is on its way already: what follows from the record before comes within microtasks, and each record less
   * is a sync of the disk less. Takes no time that a clock would show.
   */
  async #gather(): Promise<void> {
    let count = 0;
    for (let quietTurns = 0; quietTurns < QUIET_TURNS; quietTurns++) {
      if (this.#waiting.length !== count) quietTurns = 0;
      count = this.#waiting.length;
      await undefined;
    }
  }

  /** Takes all that waits of the run that waits longest: a record is of one run. */
  #takeGroup(): readonly Waiting[] {
    const run = this.#waiting[0]?.batch.run;
    const group = this.#waiting.filter((each) => each.batch.run === run);
    this.#waiting = this.#waiting.filter((each) => each.batch.run !== run);
    return group;
  }

  /** Admits, signs and stores a group on the state of now. Answers it and returns true, unless the log has moved on. */
  async #tryGroup(group: readonly Waiting[]): Promise<boolean> {
    const { seq } = this.#fold.head;
    const { record, refusals } = this.#admit(group);
    if (record === undefined) {
      // A refusal is told of the state of now only, so that nobody is kept out by what is over.
      await this.#foldTail();
      if (this.#fold.head.seq !== seq) return false;
    } else {
      const { checks, signer } = this.#parts;
      const sealed = await sealRecord(record, checks.hash, signer);
      if (!(await this.#store(sealed))) return false;
    }
    answerGroup(group, refusals, seq + 1);
    return true;
  }

  #admit(group: readonly Waiting[]): Admission {
    const { head, environment, stream } = this.#fold;
    const batches = group.map((each) => each.batch);
    const [first] = batches;
    invariant(first !== undefined, "A group holds at least one batch");
    const at = formatInstant(this.#parts.clock.wallMs());
    const by = this.#parts.signer.keyId;
    const seq = head.seq + 1;
    const refusals = admitGroup(environment, batches, { seq, at, run: first.run, keyId: by });
    const events = batches.flatMap((batch, index) => refusals[index] === undefined ? batch.events : []);
    if (events.length === 0) return { refusals, record: undefined };
    return {
      refusals,
      record: { v: RECORD_VERSION, stream, seq, prev: head.hash, at, run: first.run, by, events },
    };
  }

  /** Sends a record until it is known whether the log holds it at its seq, and folds what the log holds there. */
  async #store(sealed: SealedRecord): Promise<boolean> {
    const { clock, log, observer } = this.#parts;
    const beganMs = clock.monotonicMs();
    const repaired = (repair: Repair): void => observer.onRepair(repair);
    const delivery = { log, clock, environment: this.#fold.name, repaired };
    for (;;) {
      const answer = await deliverRecord(delivery, sealed, this.#closing.signal);
      if (answer === "stored") {
        this.#commit(sealed);
        const endedMs = clock.monotonicMs();
        this.#courtesy.heard(sealed.record.run, endedMs);
        const won = { run: sealed.record.run, beganMs, endedMs };
        this.#pausedUntilMs = endedMs + this.#courtesy.pauseMs(won, this.state.liveRuns);
        return true;
      }
      if (await this.#isTaken(sealed.record.seq)) break;
      await clock.sleep(CONTRADICTION_WAIT_MS, this.#closing.signal);
    }
    return await this.#foldTail(sealed.record.seq) === sealed.hash;
  }

  #commit({ bytes, hash, record }: SealedRecord): void {
    const { seq } = record;
    this.#fold.commit({ seq, hash }, this.#fold.stream, bytes.length);
    this.#parts.observer.onRecord({ record, hash, voids: [], sizeBytes: bytes.length });
  }

  async #isTaken(seq: number): Promise<boolean> {
    const records = this.#parts.log.read(this.#fold.name, seq)[Symbol.asyncIterator]();
    const first = await records.next();
    await records.return?.();
    return first.done !== true;
  }

  /** Verifies and folds what others have appended. Returns the hash of the record at `seq`, when it is among it. */
  async #foldTail(seq?: number): Promise<string | undefined> {
    const { checks, clock, log, observer } = this.#parts;
    let hash: string | undefined;
    const see = (verified: VerifiedRecord): void => {
      if (verified.record.seq === seq) hash = verified.hash;
      this.#courtesy.heard(verified.record.run, clock.monotonicMs());
      observer.onRecord(verified);
    };
    await extendFold(this.#fold, log, { checks, pins: [], see });
    return hash;
  }
}

/** What of a group may be appended, and why the rest may not. */
interface Admission {
  readonly record: LogRecord | undefined;
  /** One for each batch. */
  readonly refusals: readonly (Refusal | undefined)[];
}

function answerGroup(
  group: readonly Waiting[],
  refusals: readonly (Refusal | undefined)[],
  seq: number,
): void {
  let index = 0;
  for (const [nth, { answer, batch }] of group.entries()) {
    const refusal = refusals[nth];
    if (refusal !== undefined) {
      answer.resolve(err(refusal));
    } else {
      answer.resolve(ok({ seq, index }));
      index += batch.events.length;
    }
  }
}
