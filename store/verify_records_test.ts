import { deepStrictEqual, ok as assert, rejects, strictEqual } from "node:assert/strict";
import type { Event } from "../engine/event.ts";
import { IntegrityError, type IntegrityKind } from "../engine/integrity_error.ts";
import type { LogRecord } from "../engine/record.ts";
import {
  batch,
  CHECKS,
  createStarted,
  createSucceeded,
  environmentOpened,
  grownLog,
  Heard,
  KEY,
  NAME,
  openTestJournal,
  OTHER_RUN,
  RUN,
  runStarted,
  startLog,
  storedRecords,
  type TestKey,
  testKey,
} from "./_test_log.ts";
import { loadLog } from "./load_log.ts";
import { LogFold, type VoidEvent } from "./log_fold.ts";
import { MemoryLog } from "./memory_log.ts";
import { requireReached } from "./pin.ts";
import { sealRecord } from "./seal_record.ts";
import { verifyRecords } from "./verify_records.ts";

const SECOND = await testKey(2);
const THIEF = await testKey(3);
const AT = "2026-01-02T03:04:05.000Z";

Deno.test("a log verifies and folds, and each record is told in order", async () => {
  const log = new MemoryLog();
  const journal = await grownLog(log, 200);
  const seen: number[] = [];
  const fold = await loadLog(log, NAME, {
    checks: CHECKS,
    pins: [],
    see: ({ record }) => seen.push(record.seq),
  });
  deepStrictEqual(fold.head, journal.head);
  deepStrictEqual(seen, Array.from({ length: 402 }, (_, nth) => nth + 1));
});

Deno.test("a record that was left out, doubled or swapped breaks the chain", async () => {
  const log = new MemoryLog();
  await grownLog(log, 2);
  const [one, two, three, four] = (await storedRecords(log)).map((record) => record.bytes);
  assert(one !== undefined && two !== undefined && three !== undefined && four !== undefined);
  for (const bytes of [[one, three], [one, two, two], [one, two, four, three], [two]]) {
    await refused(bytes, "chain");
  }
});

Deno.test("P10: a record of another log with the same keys does not fit", async () => {
  const mine = new MemoryLog();
  await grownLog(mine, 1);
  const [, theirs] = await forged([{ events: [runStarted(RUN)] }], { nonce: "cd".repeat(16) });
  const [first] = await storedRecords(mine);
  assert(first !== undefined && theirs !== undefined);
  await refused([first.bytes, theirs], "chain");
});

Deno.test("P10: the log of one environment does not serve as that of another", async () => {
  const records = await forged([], { environment: "staging" });
  await refused(records, "chain", /opens the environment "staging"/);
});

Deno.test("a record signed by a key that the log does not trust is refused", async () => {
  await refused(await forged([{ key: THIEF, events: [runStarted(RUN)] }]), "key", /is not trusted there/);
});

Deno.test("a record signed by one key under the name of another is refused", async () => {
  const disguised = { signer: { keyId: KEY.trusted.id, sign: THIEF.signer.sign }, trusted: THIEF.trusted };
  await refused(await forged([{ key: disguised, events: [runStarted(RUN)] }]), "signature");
});

Deno.test("a bad signature is what is told, not what reading the altered record led to", async () => {
  const unknown = { type: "Sublimed" } as unknown as Event;
  const disguised = { signer: { keyId: KEY.trusted.id, sign: THIEF.signer.sign }, trusted: THIEF.trusted };
  await refused(await forged([{ key: disguised, events: [unknown] }]), "signature");
});

Deno.test("P14: a key signs from its own record on, and nothing after it was revoked", async () => {
  const trust = { type: "KeyTrusted", key: SECOND.trusted } as const;
  const revoke = { type: "KeyRevoked", keyId: SECOND.trusted.id, reason: "lost" } as const;
  const live = [runStarted(RUN), trust];
  const good = await forged([
    { events: live },
    { key: SECOND, run: OTHER_RUN, events: [runStarted(OTHER_RUN, ["b.y"])] },
    { events: [revoke] },
  ]);
  assert(!(await folded(good)).environment.liveRuns.durable.has(OTHER_RUN));
  await refused(
    await forged([{ events: live }, { events: [revoke] }, { key: SECOND, events: [{ type: "RunRenewed" }] }]),
    "key",
    /was revoked before/,
  );
});

Deno.test("P14 a: a key that signs what its roles do not let it sign is damage", async () => {
  const helper = await testKey(4, ["apply"]);
  const records = await forged([
    { events: [runStarted(RUN), { type: "KeyTrusted", key: helper.trusted }] },
    { key: helper, events: [{ type: "KeyRevoked", keyId: KEY.trusted.id, reason: "mine now" }] },
  ]);
  await refused(records, "key", /may not sign KeyRevoked: it lacks the role "admin"/);
});

Deno.test("P14 b: a revocation counts from its own record: what its key did before stands, suspected or not", async () => {
  const trust = { type: "KeyTrusted", key: SECOND.trusted } as const;
  const revoke = { type: "KeyRevoked", keyId: SECOND.trusted.id, reason: "leaked", suspectFrom: 3 } as const;
  const voids: VoidEvent[] = [];
  const records = await forged([
    { events: [runStarted(RUN), trust] },
    { key: SECOND, run: OTHER_RUN, events: [runStarted(OTHER_RUN, ["b.y"])] },
    {
      key: SECOND,
      run: OTHER_RUN,
      events: [createStarted("b.y", "t1"), createSucceeded("b.y", "t1", "id-1")],
    },
    { events: [revoke] },
  ]);
  const { environment } = await folded(records, (found) => voids.push(...found));
  deepStrictEqual(voids, []);
  strictEqual(environment.resources.get("b.y")?.object?.id, "id-1");
});

Deno.test("P14 d: no time that a key writes into its records lengthens its life", async () => {
  const trust = { type: "KeyTrusted", key: SECOND.trusted } as const;
  const revoke = { type: "KeyRevoked", keyId: SECOND.trusted.id, reason: "lost" } as const;
  const late = { key: SECOND, at: "2001-01-01T00:00:00.000Z", events: [{ type: "RunRenewed" } as const] };
  const records = await forged([{ events: [runStarted(RUN), trust] }, { events: [revoke] }, late]);
  await refused(records, "key", /was revoked before/);
});

Deno.test("record 1 holds EnvironmentOpened and nothing else, signed by a key that it names", async () => {
  const opened = environmentOpened();
  await refused([await sealed({ events: [opened, runStarted(RUN)] })], "chain");
  await refused([await sealed({ events: [runStarted(RUN)] })], "chain");
  await refused([await sealed({ events: [opened] }, THIEF)], "key");
  const weak = await testKey(5, ["apply"]);
  await refused([await sealed({ events: [environmentOpened([weak.trusted])] }, weak)], "key");
});

Deno.test("a key whose id is not the hash of its public key is refused", async () => {
  const forgedKey = { ...THIEF.trusted, id: SECOND.trusted.id };
  const disguised = { signer: { keyId: SECOND.trusted.id, sign: THIEF.signer.sign }, trusted: forgedKey };
  await refused(
    await forged([{ events: [runStarted(RUN), { type: "KeyTrusted", key: forgedKey }] }, {
      key: disguised,
      events: [{ type: "RunRenewed" }],
    }]),
    "key",
  );
});

Deno.test("an event of a kind that this version does not know stops it, and says so", async () => {
  const records = await forged([{ events: [{ type: "Sublimed" } as unknown as Event] }]);
  await refused(
    records,
    "version",
    /"Sublimed" is an unknown kind of event; it needs a newer version of smelt/,
  );
});

Deno.test("P1: rightly signed but inadmissible events are void: skipped and listed, the rest stands", async () => {
  const voids: VoidEvent[] = [];
  const records = await forged([
    { events: [createStarted("a.x", "t0")] },
    { events: [runStarted(RUN), createStarted("b.unclaimed", "t1"), createStarted("a.x", "t2")] },
    { run: OTHER_RUN, events: [runStarted(OTHER_RUN)] },
    { events: [environmentOpened()] },
  ]);
  const fold = await folded(records, (found) => voids.push(...found));
  deepStrictEqual(voids.map(({ position, refusal, type }) => [position, type, refusal.kind]), [
    [{ seq: 2, index: 0 }, "CreateStarted", "RunNotLive"],
    [{ seq: 3, index: 1 }, "CreateStarted", "NotClaimed"],
    [{ seq: 4, index: 0 }, "RunStarted", "ClaimTaken"],
    [{ seq: 5, index: 0 }, "EnvironmentOpened", "AlreadyOpened"],
  ]);
  deepStrictEqual([...fold.environment.resources.durable.keys()], ["a.x"]);
  strictEqual(fold.environment.resources.durable.get("a.x")?.version, 1);
});

Deno.test("nothing is admitted after the environment was closed", async () => {
  const kinds: string[] = [];
  const records = await forged([
    { events: [runStarted(RUN), { type: "EnvironmentClosed" }] },
    { events: [createStarted("a.x", "t1"), createSucceeded("a.x", "t1", "id")] },
  ]);
  await folded(records, (found) => kinds.push(...found.map(({ refusal }) => refusal.kind)));
  deepStrictEqual(kinds, ["EnvironmentClosed", "EnvironmentClosed"]);
});

Deno.test("P15: a log must hold the record that a pin names, at its seq", async () => {
  const log = new MemoryLog();
  const journal = await grownLog(log, 1);
  const { hash, seq } = journal.head;
  const pin = (at: number, name: string) => ({ seq: at, hash: name, source: "smelt.toml" });
  const load = (...pins: ReturnType<typeof pin>[]) =>
    loadLog(log, NAME, { checks: CHECKS, pins, see: () => {} });
  strictEqual((await load(pin(seq, hash), pin(1, journal.stream))).head.seq, seq);
  await rejects(load(pin(seq - 1, hash)), isKind("pin"));
  await rejects(load(pin(1, hash)), isKind("pin"));
  await rejects(load(pin(seq + 1, hash)), /smelt\.toml names record 5, but the log ends with record 4/);
  await rejects(
    loadLog(new MemoryLog(), NAME, { checks: CHECKS, pins: [pin(1, hash)], see: () => {} }),
    /the log ends with record 0/,
  );
  requireReached([], { seq: 0, hash: "" }, NAME);
});

Deno.test("a fold that met damage shows nothing of it", async () => {
  const records = await forged([{ events: [runStarted(RUN)] }, {
    key: THIEF,
    events: [{ type: "RunRenewed" }],
  }]);
  const fold = new LogFold(NAME);
  await rejects(verifyRecords(fold, each(records), { checks: CHECKS, pins: [], see: () => {} }));
  strictEqual(fold.environment.facts, fold.environment.durableFacts);
  deepStrictEqual([...fold.environment.liveRuns.entries()], [...fold.environment.liveRuns.durable]);
});

Deno.test("a journal that meets damage in the tail ends", async () => {
  const log = new MemoryLog();
  await startLog(log);
  const heard = new Heard();
  const journal = await openTestJournal(log, heard);
  const [, forgery] = await forged([{ key: THIEF, events: [runStarted(OTHER_RUN)] }]);
  assert(forgery !== undefined);
  await log.append(NAME, 2, forgery);
  await rejects(journal.append(batch([runStarted(RUN)])), IntegrityError);
  await rejects(journal.append(batch([runStarted(RUN)])), IntegrityError);
});

interface Forgery {
  readonly events: readonly Event[];
  readonly key?: TestKey;
  readonly run?: string;
  readonly at?: string;
}

/** A log whose chain is right, whatever its records hold. */
async function forged(
  forgeries: readonly Forgery[],
  opening: Partial<ReturnType<typeof environmentOpened>> = {},
): Promise<Uint8Array[]> {
  const first = await sealRecord(
    frame({ events: [{ ...environmentOpened(), ...opening }] }),
    CHECKS.hash,
    KEY.signer,
  );
  const records = [first.bytes];
  let prev = first.hash;
  for (const [nth, { key = KEY, ...forgery }] of forgeries.entries()) {
    const record = { ...frame(forgery, key), stream: first.hash, prev, seq: nth + 2 };
    const made = await sealRecord(record, CHECKS.hash, key.signer);
    records.push(made.bytes);
    prev = made.hash;
  }
  return records;
}

async function sealed(forgery: Forgery, key: TestKey = KEY): Promise<Uint8Array> {
  return (await sealRecord(frame(forgery, key), CHECKS.hash, key.signer)).bytes;
}

function frame({ events, run = RUN, at = AT }: Forgery, key: TestKey = KEY): LogRecord {
  return { v: 1, stream: "", seq: 1, prev: "", at, run, by: key.signer.keyId, events };
}

async function folded(
  records: readonly Uint8Array[],
  told: (voids: readonly VoidEvent[]) => void = () => {},
): Promise<LogFold> {
  const fold = new LogFold(NAME);
  await verifyRecords(fold, each(records), { checks: CHECKS, pins: [], see: ({ voids }) => told(voids) });
  return fold;
}

async function refused(records: readonly Uint8Array[], kind: IntegrityKind, message = /./): Promise<void> {
  await rejects(
    folded(records),
    (error) => isKind(kind)(error) && error instanceof Error && message.test(error.message),
  );
}

function isKind(kind: IntegrityKind): (error: unknown) => boolean {
  return (error) => error instanceof IntegrityError && error.kind === kind;
}

async function* each(records: readonly Uint8Array[]): AsyncGenerator<{ seq: number; bytes: Uint8Array }> {
  for (const [nth, bytes] of records.entries()) yield { seq: nth + 1, bytes };
}
