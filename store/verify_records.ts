import { type AdmissionContext, admit, type Refusal } from "../engine/admit.ts";
import type { EnvironmentOpened, TrustedKey } from "../engine/environment_event.ts";
import type { Event } from "../engine/event.ts";
import { readEvent } from "../engine/event_codec.ts";
import { evolveEnvironment, noteRecord } from "../engine/evolve_environment.ts";
import { IntegrityError } from "../engine/integrity_error.ts";
import type { Position } from "../engine/position.ts";
import { type LogRecord, RECORD_VERSION } from "../engine/record.ts";
import { signedStatement } from "../trust/statement.ts";
import type { Head } from "./journal_port.ts";
import type { StoredRecord } from "./log_backend.ts";
import type { LogFold, VoidEvent } from "./log_fold.ts";
import { findForks, type Fork, type Pin, requireUnforked } from "./pin.ts";
import type { RecordChecks } from "./record_checks.ts";
import { type OpenedRecord, openRecord } from "./record_codec.ts";

/** How many signatures are verified at one time, and how many records are folded between two commits. */
const WINDOW = 128;

/** A record of the log, verified, with what of it is void. */
export interface VerifiedRecord {
  readonly record: LogRecord;
  readonly hash: string;
  readonly voids: readonly VoidEvent[];
  /** As stored, without line end. */
  readonly sizeBytes: number;
}

/** How records are verified. */
export interface Verification {
  readonly checks: RecordChecks;
  readonly pins: readonly Pin[];
  /** Called with each record in order, once it and all before it are verified and folded. */
  see(verified: VerifiedRecord): void;
}

const DECIDED_BEFORE: ReadonlyMap<string, number> = new Map<string, number>();

/**
 * Verifies `records`, which continue `fold`, and folds them into it.
 *
 * A record must continue the chain (seq, prev, stream) and bear the signature of a key that is trusted where it stands, in
 * the role that each of its events asks for; else the log is damaged: it throws an `IntegrityError`, and `fold` stays at
 * a record before. An event that a rightly signed record may not hold is void: skipped and told to `see`.
 *
 * A record that lies where a pin names another one is damage too, unless `fold` and `records` together hold the acceptance of
 * just that loss; that is known at the end only, when `fold` may be past it.
 */
export async function verifyRecords(
  fold: LogFold,
  records: AsyncIterable<StoredRecord>,
  verification: Verification,
): Promise<void> {
  fold.environment.discard();
  const chain = new Chain(fold, verification);
  try {
    for await (const stored of records) {
      chain.take(stored);
      if (chain.isFull) await chain.settle();
    }
    chain.requireUnforked();
    await chain.settle();
  } catch (error) {
    // A signature that fails tells more than what reading an altered record led to.
    await chain.requireSignatures();
    chain.requireUnforked();
    throw error;
  } finally {
    fold.environment.discard();
  }
}

/** Records that have been read and folded into the draft, and whose signatures are being verified. */
class Chain {
  readonly #fold: LogFold;
  readonly #verification: Verification;
  #head: Head;
  #stream: string;
  #pending: VerifiedRecord[] = [];
  #signatures: Promise<PromiseSettledResult<void>[]>[] = [];
  readonly #forks: Fork[] = [];

  constructor(fold: LogFold, verification: Verification) {
    this.#fold = fold;
    this.#verification = verification;
    this.#head = fold.head;
    this.#stream = fold.stream;
  }

  get isFull(): boolean {
    return this.#pending.length >= WINDOW;
  }

  take(stored: StoredRecord): void {
    const { checks, pins } = this.#verification;
    const where = this.#fold.placeOf(this.#head.seq + 1);
    const opened = openRecord(stored.bytes, where);
    const hash = checks.hash(opened.canonicalBytes);
    this.#requireContinues(opened, where);
    this.#forks.push(...findForks(pins, { seq: opened.seq, hash }, this.#fold.name));
    this.#verifySignature(opened, hash, where);
    const record = toRecord(opened, where);
    const voids = foldRecord(this.#fold, record);
    this.#head = { seq: opened.seq, hash };
    if (opened.seq === 1) this.#stream = hash;
    this.#pending.push({ record, hash, voids, sizeBytes: stored.bytes.length });
  }

  /** Looks at what has been folded so far, durable or not. */
  requireUnforked(): void {
    requireUnforked(this.#forks, this.#fold.environment.facts, this.#fold.name);
  }

  /** Waits for all signatures, then makes what they cover durable. */
  async settle(): Promise<void> {
    await this.requireSignatures();
    const settled = this.#pending;
    if (settled.length === 0) return;
    this.#pending = [];
    const sizeBytes = settled.reduce((sum, each) => sum + each.sizeBytes, 0);
    this.#fold.commit(this.#head, this.#stream, sizeBytes);
    for (const each of settled) this.#verification.see(each);
  }

  async requireSignatures(): Promise<void> {
    const signatures = this.#signatures;
    this.#signatures = [];
    for (const results of signatures) {
      const [result] = await results;
      if (result?.status === "rejected") throw result.reason;
    }
  }

  #requireContinues(opened: OpenedRecord, where: string): void {
    const { seq, hash } = this.#head;
    if (opened.seq !== seq + 1) throw brokenChain(where, `it says that it is record ${opened.seq}`);
    if (opened.prev !== hash) {
      throw brokenChain(where, `it follows ${quote(opened.prev)}, not ${quote(hash)}`);
    }
    if (opened.stream !== this.#stream) {
      throw brokenChain(where, `it belongs to the log ${quote(opened.stream)}, not ${quote(this.#stream)}`);
    }
  }

  /** Begins to verify; settled at once, so that a failure waits until somebody asks for it. */
  #verifySignature(opened: OpenedRecord, hash: string, where: string): void {
    const key = opened.seq === 1
      ? firstKey(opened, this.#fold.name, where)
      : this.#trustedKey(opened.by, where);
    const statement = signedStatement(opened.stream, opened.seq, hash);
    const { verifySignature } = this.#verification.checks;
    this.#signatures.push(Promise.allSettled([verifySignature(key, statement, opened.signature, where)]));
  }

  #trustedKey(keyId: string, where: string): TrustedKey {
    const known = this.#fold.environment.keys.get(keyId);
    if (known === undefined) throw untrusted(where, `the key ${keyId} is not trusted there`);
    if (known.isRevoked) throw untrusted(where, `the key "${known.key.name}" (${keyId}) was revoked before`);
    return known.key;
  }
}

/** The key of record 1 stands in record 1: what makes it the right one is a pin of that record. */
function firstKey(opened: OpenedRecord, name: string, where: string): TrustedKey {
  const { environment, keys } = openingEvent(opened, where);
  if (environment !== name) throw brokenChain(where, `it opens the environment "${environment}"`);
  const key = keys.find((each) => each.id === opened.by);
  if (key === undefined) throw untrusted(where, `the key ${opened.by} is not among those that it names`);
  return key;
}

function openingEvent(opened: OpenedRecord, where: string): EnvironmentOpened {
  const [first, ...others] = opened.events;
  const event = readEvent(first ?? null, where);
  if (event.type === "EnvironmentOpened" && others.length === 0) return event;
  throw brokenChain(where, "the first record holds EnvironmentOpened and nothing else");
}

function toRecord(opened: OpenedRecord, where: string): LogRecord {
  const { stream, seq, prev, at, run, by } = opened;
  const events = opened.events.map((json) => readEvent(json, where));
  return { v: RECORD_VERSION, stream, seq, prev, at, run, by, events };
}

/** Folds a record into the draft. Returns the events that it may not hold. */
function foldRecord(fold: LogFold, record: LogRecord): VoidEvent[] {
  const { seq, at, run, by } = record;
  const context = { seq, at, run, keyId: by };
  const admission: AdmissionContext = { run, keyId: by, decidedOn: DECIDED_BEFORE };
  const voids: VoidEvent[] = [];
  for (const [index, event] of record.events.entries()) {
    const refusal = admit(fold.environment, event, admission);
    if (refusal === undefined) evolveEnvironment(fold.environment, event, context);
    else voids.push(voidEvent(event, { seq, index }, refusal, fold.placeOf(seq)));
  }
  noteRecord(fold.environment, context);
  return voids;
}

/** A key that signs what its roles do not let it sign is damage; all else that is refused is void. */
function voidEvent(event: Event, position: Position, refusal: Refusal, where: string): VoidEvent {
  if (refusal.kind !== "KeyNotTrusted") return { position, type: event.type, refusal };
  throw untrusted(
    where,
    `the key ${refusal.keyId} may not sign ${event.type}: it lacks the role "${refusal.role}"`,
  );
}

function brokenChain(where: string, why: string): IntegrityError {
  return new IntegrityError("chain", where, `Cannot trust ${where}: ${why}`);
}

function untrusted(where: string, why: string): IntegrityError {
  return new IntegrityError("key", where, `Cannot trust ${where}: ${why}`);
}

function quote(hash: string): string {
  return hash === "" ? "nothing" : `"${hash}"`;
}
