import { deepStrictEqual, ok as assert, rejects, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import type { Event } from "../engine/event.ts";
import { IntegrityError, type IntegrityKind } from "../engine/integrity_error.ts";
import { RECORD_VERSION } from "../engine/record.ts";
import { testFolder } from "./_test_folder.ts";
import {
  batch,
  CHECKS,
  grownLog,
  KEY,
  NAME,
  openTestJournal,
  OTHER_RUN,
  RUN,
  runStarted,
  storedRecords,
  TestClock,
  type TestKey,
  testKey,
} from "./_test_log.ts";
import { Checkpoints } from "./checkpoint.ts";
import type { Head } from "./journal_port.ts";
import { loadLog } from "./load_log.ts";
import type { LogBackend } from "./log_backend.ts";
import { MemoryLog } from "./memory_log.ts";
import type { Pin } from "./pin.ts";
import { PinFile } from "./pin_file.ts";
import { loadPinnedLog, type PinnedStore, rememberLog } from "./pinned_log.ts";
import { sealRecord } from "./seal_record.ts";
import type { VoidEvent } from "./log_fold.ts";

const LARGE = "x".repeat(1_100_000);
const THIEF = await testKey(9);

/** A log that went further, and the copy of its beginning that was restored. */
async function setBack(): Promise<
  { readonly lost: MemoryLog; readonly restored: MemoryLog; readonly head: Head }
> {
  const lost = new MemoryLog();
  const journal = await grownLog(lost, 2);
  const restored = await copyOf(lost, journal.head.seq);
  for (let nth = 0; nth < 5; nth++) {
    await journal.append(batch([{ type: "Tainted", address: "a.x1", reason: `${nth}` }]));
  }
  return { lost, restored, head: journal.head };
}

async function copyOf(log: LogBackend, count: number): Promise<MemoryLog> {
  const copy = new MemoryLog();
  for (const { bytes, seq } of (await storedRecords(log)).slice(0, count)) {
    await copy.append(NAME, seq, bytes);
  }
  return copy;
}

/** Accepts the loss of a record, in a run of its own; gives the record that does. */
async function accept(log: LogBackend, { seq, hash }: Head): Promise<Head> {
  const journal = await openTestJournal(log);
  const restoredSeq = journal.head.seq;
  await journal.append(batch([{ ...runStarted(OTHER_RUN, []), why: "disk" }], OTHER_RUN));
  const event = { type: "LogRestored", lostSeq: seq, lostHash: hash, restoredSeq } as const;
  assert((await journal.append(batch([event], OTHER_RUN))).ok);
  const accepted = journal.head;
  await journal.append(batch([{ type: "RunFinished", outcome: "succeeded" }], OTHER_RUN));
  return accepted;
}

function pin({ seq, hash }: Head): Pin {
  return { seq, hash, source: "pins.json" };
}

async function load(log: LogBackend, ...pins: readonly Pin[]) {
  return await loadLog(log, NAME, { checks: CHECKS, pins, see: () => {} });
}

function isKind(kind: IntegrityKind): (error: unknown) => boolean {
  return (error) => error instanceof IntegrityError && error.kind === kind;
}

Deno.test("P15 b: a pin that the log does not hold is excused by the acceptance of just its record, ahead of the log or within it", async () => {
  const { restored, head } = await setBack();
  await rejects(load(restored, pin(head)), isKind("pin"));
  const { seq } = await accept(restored, head);
  const fold = await load(restored, pin(head));
  const { who, why, restoredSeq } = fold.environment.facts?.losses[0] ?? {};
  deepStrictEqual({ who, why, restoredSeq }, { who: "ada", why: "disk", restoredSeq: seq - 2 });
  assert(fold.environment.facts?.isLossOpen);
  const journal = await openTestJournal(restored);
  while (journal.head.seq <= head.seq) {
    await journal.append(batch([{ type: "Tainted", address: "a.x1", reason: "grows" }]));
  }
  await load(restored, pin(head));
  for (
    const other of [{ ...head, seq: head.seq - 1 }, { ...head, hash: "ab".repeat(32) }, { ...head, seq: 99 }]
  ) {
    await rejects(load(restored, pin(head), pin(other)), isKind("pin"));
  }
  await rejects(load(restored, { ...pin(head), seq: 1 }), isKind("pin"));
});

Deno.test("P15 b: who has no admin key accepts nothing: an acceptance by another key, or moved from elsewhere, is damage", async () => {
  const { restored, head } = await setBack();
  const helper = await testKey(4, ["apply"]);
  const journal = await openTestJournal(restored);
  await journal.append(batch([{ type: "KeyTrusted", key: helper.trusted }]));
  for (const [key, kind] of [[helper, "key"], [THIEF, "key"], [disguised(THIEF), "signature"]] as const) {
    const copy = await copyOf(restored, journal.head.seq);
    await forge(copy, journal.stream, key, { lostSeq: head.seq, lostHash: head.hash, restoredSeq: 2 });
    await rejects(load(copy, pin(head)), isKind(kind));
  }
  const accepting = await copyOf(restored, journal.head.seq);
  await accept(accepting, head);
  // The acceptance on top of an older copy: its record names the one before it.
  const moved = await copyOf(restored, 2);
  for (const [nth, { bytes }] of (await storedRecords(accepting)).slice(journal.head.seq).entries()) {
    await moved.append(NAME, 3 + nth, bytes);
  }
  await rejects(load(moved, pin(head)), isKind("chain"));
});

Deno.test("P15 b: an old copy of the log with an acceptance in it takes nobody further back", async () => {
  const { restored, head } = await setBack();
  const accepted = await accept(restored, head);
  const old = await copyOf(restored, accepted.seq + 1);
  const journal = await openTestJournal(restored);
  await journal.append(batch([{ type: "Tainted", address: "a.x1", reason: "later" }]));
  await rejects(load(old, pin(journal.head)), isKind("pin"));
  await load(old, pin(head));
  await rejects(load(await copyOf(restored, accepted.seq - 1), pin(head)), isKind("pin"));
});

Deno.test("P15 b: an acceptance that names the first record, or stands in a run that changes things, is void", async () => {
  const { restored, head } = await setBack();
  const journal = await openTestJournal(restored);
  const { stream } = journal;
  const copy = await copyOf(restored, journal.head.seq);
  await forge(copy, stream, KEY, { lostSeq: 1, lostHash: stream, restoredSeq: 2 });
  await forge(copy, stream, KEY, { lostSeq: head.seq, lostHash: head.hash, restoredSeq: 99 });
  await forge(copy, stream, KEY, { lostSeq: head.seq, lostHash: head.hash, restoredSeq: 2 }, ["a.x7"]);
  const voids: VoidEvent[] = [];
  const see = (verified: { readonly voids: readonly VoidEvent[] }) => void voids.push(...verified.voids);
  await loadLog(copy, NAME, { checks: CHECKS, pins: [], see });
  deepStrictEqual(voids.map(({ refusal }) => refusal.kind), ["NoLoss", "NoLoss", "NoLoss"]);
  await rejects(load(copy, pin(head)), isKind("pin"));
});

Deno.test("P15 b: the pin of a user moves to the log that has accepted its loss, and the lost one is refused from then on", async () => {
  await using folder = await testFolder();
  const { lost, restored, head } = await setBack();
  const store = await storeOf(folder.path, lost);
  const first = { ...pin({ seq: 1, hash: (await load(lost)).stream }), source: "smelt.toml" };
  const verification = { checks: CHECKS, pins: [first], see: () => {} };
  await rejects(loadPinnedLog({ ...store, log: restored }, NAME, verification), isKind("pin"));
  await accept(restored, head);
  const fold = await loadPinnedLog({ ...store, log: restored }, NAME, verification);
  await rememberLog({ ...store, log: restored }, fold);
  assert(fold.head.seq < head.seq);
  deepStrictEqual(await store.pinFile.read(fold.stream), {
    ...fold.head,
    checkpoint: undefined,
    admins: [KEY.trusted.id],
  });
  await rejects(loadPinnedLog(store, NAME, verification), isKind("pin"));
});

Deno.test("P15 b, P14: a key that was revoked before the lost record accepts nothing for who has seen that", async () => {
  await using folder = await testFolder();
  const second = await testKey(2);
  const lost = new MemoryLog();
  const journal = await grownLog(lost, 1);
  await journal.append(batch([{ type: "KeyTrusted", key: second.trusted }]));
  const restored = await copyOf(lost, journal.head.seq);
  const other = await openTestJournal(lost, undefined, second.signer);
  await other.append(batch([{ type: "KeyRevoked", keyId: KEY.trusted.id, reason: "stolen" }], OTHER_RUN));
  const store = { ...await storeOf(folder.path, lost), log: restored };
  const { head, stream } = other;
  const pins = [{ ...pin({ seq: 1, hash: stream }), source: "smelt.toml" }];
  const verification = { checks: CHECKS, pins, see: () => {} };
  // In the copy the thief's key is an admin still, and could trust another that is one.
  await accept(restored, head);
  await rejects(loadPinnedLog(store, NAME, verification), isKind("pin"));
  const { seq } = (await load(restored)).head;
  await forge(restored, stream, second, { lostSeq: head.seq, lostHash: head.hash, restoredSeq: seq });
  await loadPinnedLog(store, NAME, verification);
});

Deno.test("P15 b: a checkpoint of the lost part is not started from; one of later knows what was lost", async () => {
  await using folder = await testFolder();
  const { lost, restored } = await setBack();
  const grown = await openTestJournal(lost);
  await grown.append(batch([{ type: "Tainted", address: "a.x1", reason: LARGE }]));
  const { head } = grown;
  const store = await storeOf(folder.path, lost);
  assert((await store.pinFile.read(grown.stream))?.checkpoint !== undefined);
  const written = { ...pin(head), source: "smelt.toml" };
  const pins = [{ ...pin({ seq: 1, hash: grown.stream }), source: "smelt.toml" }, written];
  const seen: number[] = [];
  const see = ({ record }: { readonly record: { readonly seq: number } }) => void seen.push(record.seq);
  const verification = { checks: CHECKS, pins, see };
  await accept(restored, head);
  const later = await openTestJournal(restored);
  while (later.head.seq <= head.seq) {
    await later.append(batch([{ type: "Tainted", address: "a.x1", reason: LARGE }]));
  }
  const mine = { ...store, log: restored };
  await rememberLog(mine, await loadPinnedLog(mine, NAME, verification));
  strictEqual(seen[0], 1);
  seen.length = 0;
  const fold = await loadPinnedLog(mine, NAME, verification);
  deepStrictEqual(seen, []);
  strictEqual(fold.environment.facts?.losses.length, 1);
});

async function storeOf(folder: string, log: LogBackend): Promise<PinnedStore> {
  const pinFile = new PinFile(join(folder, "state", "pins.json"), { clock: new TestClock(), holder: "test" });
  const store = { log, pinFile, checkpoints: new Checkpoints(join(folder, "checkpoints"), CHECKS.hash) };
  await rememberLog(store, await load(log));
  return store;
}

function disguised(key: TestKey): TestKey {
  return { signer: { keyId: KEY.trusted.id, sign: key.signer.sign }, trusted: key.trusted };
}

/** Appends the record of a run that accepts a loss, signed by `key`, past the journal that would refuse it. */
async function forge(
  log: LogBackend,
  stream: string,
  key: TestKey,
  loss: Omit<Extract<Event, { readonly type: "LogRestored" }>, "type">,
  writes: readonly string[] = [],
): Promise<void> {
  const { head } = await load(log);
  const seq = head.seq + 1;
  const run = `${RUN.slice(4)}${seq.toString().padStart(4, "0")}`;
  const events: readonly Event[] = [runStarted(run, writes), { type: "LogRestored", ...loss }];
  const at = "2026-01-02T03:04:05.000Z";
  const sealed = await sealRecord(
    { v: RECORD_VERSION, stream, seq, prev: head.hash, at, run, by: key.signer.keyId, events },
    CHECKS.hash,
    key.signer,
  );
  await log.append(NAME, seq, sealed.bytes);
}
