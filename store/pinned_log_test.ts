import { deepStrictEqual, notStrictEqual, ok as assert, rejects, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { seenIn } from "../engine/_test_environment.ts";
import { admit } from "../engine/admit.ts";
import { IntegrityError } from "../engine/integrity_error.ts";
import { testFolder } from "./_test_folder.ts";
import {
  batch,
  CHECKS,
  createStarted,
  createSucceeded,
  grownLog,
  KEY,
  NAME,
  openTestJournal,
  OTHER_RUN,
  runStarted,
  storedRecords,
  TestClock,
  type TestKey,
  testKey,
} from "./_test_log.ts";
import { Checkpoints } from "./checkpoint.ts";
import { checkpointText, readCheckpoint } from "./checkpoint_codec.ts";
import { loadLog } from "./load_log.ts";
import type { LogBackend, StoredRecord } from "./log_backend.ts";
import { LogFold } from "./log_fold.ts";
import { MemoryLog } from "./memory_log.ts";
import { PinFile } from "./pin_file.ts";
import { loadPinnedLog, type PinnedStore, rememberLog } from "./pinned_log.ts";
import { openRecord } from "./record_codec.ts";
import { RECORD_VERSION } from "../engine/record.ts";
import { sealRecord } from "./seal_record.ts";
import { verifyRecords } from "./verify_records.ts";

const AT = "2026-01-02T03:04:05.000Z";
const LARGE = "x".repeat(1_100_000);

Deno.test("fold of checkpoint and tail = fold of the whole log, for every cut", async () => {
  const log = await variedLog();
  const records = await storedRecords(log);
  const whole = await loadLog(log, NAME, quietly());
  for (let cut = 1; cut <= records.length; cut++) {
    const prefix = new LogFold(NAME);
    await verifyRecords(prefix, each(records.slice(0, cut)), quietly());
    const restored = readCheckpoint(checkpointText(prefix));
    assert(restored !== undefined);
    deepStrictEqual(seenIn(restored.environment), seenIn(prefix.environment));
    deepStrictEqual(restored.environment.deniedTokens.durable, prefix.environment.deniedTokens.durable);
    const fold = new LogFold(NAME, { ...restored, sizeBytes: 0 });
    await verifyRecords(fold, each(records.slice(cut)), quietly());
    deepStrictEqual(seenIn(fold.environment), seenIn(whole.environment), `cut ${cut}`);
    strictEqual(checkpointText(fold), checkpointText(whole));
    deepStrictEqual(fold.head, whole.head);
  }
});

Deno.test("P14: a checkpoint remembers the runs of before it, whose names nobody takes", async () => {
  const log = await variedLog();
  const records = await storedRecords(log);
  const runs = new Set<string>();
  await loadLog(log, NAME, {
    ...quietly(),
    see: ({ record }) => record.events.forEach((each) => each.type === "RunStarted" && runs.add(each.run)),
  });
  const whole = new LogFold(NAME);
  await verifyRecords(whole, each(records), quietly());
  const restored = readCheckpoint(checkpointText(whole));
  assert(restored !== undefined && runs.size > 0);
  for (const run of runs) {
    const who = { run, keyId: KEY.trusted.id, decidedOn: new Map() };
    const refusal = admit(restored.environment, runStarted(run, []), who);
    deepStrictEqual(refusal, { kind: "RunExists", run });
  }
});

Deno.test("a log is loaded from the checkpoint that the user's pin names, and only what comes after is read", async () => {
  await using folder = await testFolder();
  const { log, store } = await largeStore(folder.path);
  const journal = await openTestJournal(log);
  await journal.append(batch([{ type: "RunRenewed" }]));
  const seen: number[] = [];
  const fold = await loadPinnedLog(store, NAME, {
    ...await pinned(log),
    see: ({ record }) => seen.push(record.seq),
  });
  deepStrictEqual(seen, [journal.head.seq]);
  deepStrictEqual(
    seenIn(fold.environment),
    seenIn((await loadLog(log, NAME, quietly())).environment),
  );
});

Deno.test("P9: a checkpoint that the user's pin does not name is never started from", async () => {
  await using folder = await testFolder();
  const { log, store } = await largeStore(folder.path);
  const stranger = new PinFile(join(folder.path, "other", "pins.json"), wait());
  const seen: number[] = [];
  await loadPinnedLog({ ...store, pinFile: stranger }, NAME, {
    ...await pinned(log),
    see: ({ record }) => seen.push(record.seq),
  });
  strictEqual(seen[0], 1);
});

Deno.test("P9: a checkpoint that is not what its name says is passed over", async () => {
  await using folder = await testFolder();
  const { log, store } = await largeStore(folder.path);
  const [file] = await Array.fromAsync(Deno.readDir(join(folder.path, "checkpoints")));
  const path = join(folder.path, "checkpoints", file?.name ?? "");
  for (
    const damage of [
      async () => await Deno.writeTextFile(path, (await Deno.readTextFile(path)).replace("admin", "apply")),
      async () => await Deno.writeTextFile(path, ""),
      async () => await Deno.remove(path),
    ]
  ) {
    await damage();
    const seen: number[] = [];
    await loadPinnedLog(store, NAME, { ...await pinned(log), see: ({ record }) => seen.push(record.seq) });
    strictEqual(seen[0], 1);
  }
});

Deno.test("P9: a planted checkpoint, and records by the key that it trusts, take nobody in, with pins or without", async () => {
  await using folder = await testFolder();
  const { log, store } = await largeStore(folder.path);
  const thief = await testKey(9);
  const records = await storedRecords(log);
  const last = await loadLog(log, NAME, quietly());
  // What the thief's own log holds at the same seq, under the name of the real one.
  const planted = await thiefCheckpoint(folder.path, records, thief);
  const head = {
    v: RECORD_VERSION,
    stream: last.stream,
    run: OTHER_RUN,
    by: thief.signer.keyId,
    at: AT,
  } as const;
  const events = [{ type: "CheckpointTaken", seq: last.head.seq, root: "", object: planted } as const];
  const forged = await sealRecord(
    { ...head, seq: last.head.seq + 1, prev: last.head.hash, events },
    CHECKS.hash,
    thief.signer,
  );
  await log.append(NAME, last.head.seq + 1, forged.bytes);
  const fresh = new PinFile(join(folder.path, "fresh", "pins.json"), wait());
  const verification = { ...quietly(), pins: [{ seq: 1, hash: last.stream, source: "smelt.toml" }] };
  for (const pinFile of [store.pinFile, fresh]) {
    const isKey = (error: unknown) => error instanceof IntegrityError && error.kind === "key";
    await rejects(loadPinnedLog({ ...store, pinFile }, NAME, verification), isKey);
  }
});

Deno.test("P15 a: a log that was set back is refused, with a checkpoint and without", async () => {
  for (const withCheckpoint of [true, false]) {
    await using folder = await testFolder();
    const { log, store } = await largeStore(folder.path);
    if (!withCheckpoint) await Deno.remove(join(folder.path, "checkpoints"), { recursive: true });
    const records = await storedRecords(log);
    const older = await copyOf(records.slice(0, -1));
    await rejects(loadPinnedLog({ ...store, log: older }, NAME, await pinned(log)), isPin);
  }
});

Deno.test("P15 c: a fork of the same height is refused", async () => {
  await using folder = await testFolder();
  const { log, store } = await largeStore(folder.path);
  const fork = await copyOf((await storedRecords(log)).slice(0, -1));
  await (await openTestJournal(fork)).append(batch([{ type: "RunRenewed" }]));
  await (await openTestJournal(fork)).append(batch([{ type: "RunRenewed" }]));
  await rejects(loadPinnedLog({ ...store, log: fork }, NAME, await pinned(log)), isPin);
});

Deno.test("P15 d: the pin of a user does not move to what the log cannot make durable", async () => {
  await using folder = await testFolder();
  const { log, store } = await largeStore(folder.path);
  const journal = await openTestJournal(log);
  const before = await store.pinFile.read(journal.stream);
  await journal.append(batch([{ type: "RunRenewed" }]));
  const fold = await loadPinnedLog(store, NAME, await pinned(log));
  const broken = Object.assign(await copyOf(await storedRecords(log)), {
    sync: () => Promise.reject(new Error("Disk gone")),
  });
  await rejects(rememberLog({ ...store, log: broken }, fold), /Disk gone/);
  deepStrictEqual(await store.pinFile.read(journal.stream), before);
});

Deno.test("a pin between record 1 and the checkpoint is checked all the same", async () => {
  await using folder = await testFolder();
  const { log, store } = await largeStore(folder.path);
  const verification = await pinned(log);
  const wrong = { seq: 2, hash: "00".repeat(32), source: "plan.json" };
  const pins = [...verification.pins, wrong];
  await rejects(loadPinnedLog(store, NAME, { ...verification, pins }), /plan\.json names the record 0000/);
});

Deno.test("a right pin before the checkpoint costs no second look at what was folded", async () => {
  await using folder = await testFolder();
  const { log, store } = await largeStore(folder.path);
  const { canonicalBytes } = openRecord((await storedRecords(log))[1]?.bytes ?? new Uint8Array(), "2");
  const right = { seq: 2, hash: CHECKS.hash(canonicalBytes), source: "plan.json" };
  const verification = await pinned(log);
  const seen: number[] = [];
  const see = ({ record }: { readonly record: { readonly seq: number } }) => void seen.push(record.seq);
  await loadPinnedLog(store, NAME, { ...verification, pins: [...verification.pins, right], see });
  deepStrictEqual(seen, []);
});

Deno.test("a pinned record that does not lead to the checkpoint is refused", async () => {
  await using folder = await testFolder();
  const { log, store } = await largeStore(folder.path);
  const records = await storedRecords(log);
  const other = await copyOf(records.slice(0, 1));
  await (await openTestJournal(other)).append(batch([runStarted(OTHER_RUN, ["a.x9"])], OTHER_RUN));
  const planted = (await storedRecords(other))[1];
  assert(planted !== undefined);
  const mixed = await copyOf([...records.slice(0, 1), planted, ...records.slice(2)]);
  const hash = CHECKS.hash(openRecord(planted.bytes, "2").canonicalBytes);
  const verification = await pinned(log);
  const pins = [...verification.pins, { seq: 2, hash, source: "plan.json" }];
  await rejects(
    loadPinnedLog({ ...store, log: mixed }, NAME, { ...verification, pins }),
    /record 3: it follows/,
  );
});

Deno.test("another log than the one that is pinned is refused", async () => {
  await using folder = await testFolder();
  const { store } = await largeStore(folder.path);
  const wrong = [{ seq: 1, hash: "00".repeat(32), source: "smelt.toml" }];
  await rejects(loadPinnedLog(store, NAME, { ...quietly(), pins: wrong }), isPin);
});

Deno.test("a checkpoint is taken again once the log has grown larger than it, and the one of before goes", async () => {
  await using folder = await testFolder();
  const { log, store } = await largeStore(folder.path);
  const names = async (): Promise<string[]> =>
    (await Array.fromAsync(Deno.readDir(join(folder.path, "checkpoints")))).map((entry) => entry.name);
  const [first] = await names();
  const fold = await loadPinnedLog(store, NAME, await pinned(log));
  await rememberLog(store, fold);
  deepStrictEqual(await names(), [first]);
  const journal = await openTestJournal(log);
  for (let nth = 0; nth < 3; nth++) {
    await journal.append(batch([{ type: "Tainted", address: "a.x0", reason: `${nth}${LARGE}` }]));
  }
  const grown = await loadPinnedLog(store, NAME, await pinned(log));
  await rememberLog(store, grown);
  const after = await names();
  strictEqual(after.length, 1);
  notStrictEqual(after[0], first);
});

/** A log of two runs with a replaced, an open, a late and a protected resource. */
async function variedLog(): Promise<LogBackend> {
  const log = new MemoryLog();
  const journal = await grownLog(log, 3);
  const needs = [{ address: "a.x1", incarnation: 1 }];
  const steps = [
    batch([{ ...createStarted("a.x0", "r1"), replaces: "id-0", dependencies: needs }]),
    batch([createSucceeded("a.x0", "r1", "id-0b")]),
    batch([{ type: "Protected", address: "a.x1" }]),
    batch([{ type: "DeleteStarted", address: "a.x2", token: "d1", id: "id-2", deadlineMs: 5 }]),
    batch([{ type: "DeleteSucceeded", address: "a.x2", token: "d1", id: "id-2" }]),
    batch([createStarted("a.x2", "c2")]),
    batch([{ type: "CreateAccepted", address: "a.x2", token: "c2", id: "id-2b" }]),
    batch([{ type: "RunBroken", run: "0".repeat(31) + "1", reason: "silent" }], OTHER_RUN),
    batch(
      [runStarted(OTHER_RUN, ["a.x2"]), { type: "AccountBound", provider: "sim", account: "1" }],
      OTHER_RUN,
    ),
    batch([
      { type: "OutcomeResolved", address: "a.x2", token: "c2", outcome: "notDone", evidence: "absence" },
      createStarted("a.x2", "c3"),
    ], OTHER_RUN),
    batch([createSucceeded("a.x2", "c2", "id-2b")]),
  ];
  for (const step of steps) assert((await journal.append(step)).ok);
  return log;
}

async function largeStore(folder: string): Promise<{ log: LogBackend; store: PinnedStore }> {
  const log = new MemoryLog();
  const journal = await grownLog(log, 2);
  await journal.append(batch([{ type: "Tainted", address: "a.x1", reason: LARGE }]));
  const pinFile = new PinFile(join(folder, "state", "pins.json"), wait());
  const store = { log, pinFile, checkpoints: new Checkpoints(join(folder, "checkpoints"), CHECKS.hash) };
  await rememberLog(store, await loadLog(log, NAME, quietly()));
  return { log, store };
}

/** A checkpoint of the log up to its end that also trusts a thief, as a file under its own hash; gives its name. */
async function thiefCheckpoint(
  folder: string,
  records: readonly StoredRecord[],
  thief: TestKey,
): Promise<string> {
  const fold = new LogFold(NAME);
  await verifyRecords(fold, each(records), quietly());
  fold.environment.keys.set(thief.trusted.id, { key: thief.trusted, isRevoked: false });
  return await new Checkpoints(join(folder, "checkpoints"), CHECKS.hash).take(fold);
}

async function pinned(log: LogBackend): Promise<ReturnType<typeof quietly>> {
  const fold = await loadLog(log, NAME, quietly());
  return { ...quietly(), pins: [{ seq: 1, hash: fold.stream, source: "smelt.toml" }] };
}

async function copyOf(records: Awaited<ReturnType<typeof storedRecords>>): Promise<MemoryLog> {
  const copy = new MemoryLog();
  for (const { bytes, seq } of records) await copy.append(NAME, seq, bytes);
  return copy;
}

function quietly(): Parameters<typeof verifyRecords>[2] {
  return { checks: CHECKS, pins: [], see: () => {} };
}

function wait(): ConstructorParameters<typeof PinFile>[1] {
  return { clock: new TestClock(), holder: "test" };
}

async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}

function isPin(error: unknown): boolean {
  return error instanceof IntegrityError && error.kind === "pin";
}
