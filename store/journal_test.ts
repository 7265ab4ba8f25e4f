import { deepStrictEqual, ok as assert, rejects, strictEqual } from "node:assert/strict";
import { durableView } from "../engine/environment.ts";
import {
  batch,
  CHECKS,
  createStarted,
  createSucceeded,
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
  TestClock,
  testKey,
} from "./_test_log.ts";
import { openJournal } from "./journal.ts";
import type { Journal } from "./journal_port.ts";
import { loadLog } from "./load_log.ts";
import type { AppendAnswer, LogBackend, StoredRecord } from "./log_backend.ts";
import { MemoryLog } from "./memory_log.ts";
import type { LogRecord } from "../engine/record.ts";

/** A memory log whose answers a test takes into its hand. */
class Meddled implements LogBackend {
  readonly inner = new MemoryLog();
  /** Bytes of each append that was asked for. */
  readonly sent: string[] = [];
  onAppend: (store: () => Promise<AppendAnswer>) => Promise<AppendAnswer> = (store) => store();
  onRead: () => void = () => {};

  async *read(environment: string, fromSeq: number): AsyncGenerator<StoredRecord> {
    this.onRead();
    yield* this.inner.read(environment, fromSeq);
  }

  append(environment: string, seq: number, bytes: Uint8Array): Promise<AppendAnswer> {
    this.sent.push(new TextDecoder().decode(bytes));
    return this.onAppend(() => this.inner.append(environment, seq, bytes));
  }

  sync(): Promise<void> {
    return this.inner.sync();
  }

  environments(): Promise<readonly string[]> {
    return this.inner.environments();
  }
}

Deno.test("append() stores one record, and the journal's state is the fold of the stored bytes", async () => {
  const log = new MemoryLog();
  const journal = await grownLog(log, 3);
  strictEqual((await storedRecords(log)).length, 8);
  const fold = await loadLog(log, NAME, { checks: CHECKS, pins: [], see: () => {} });
  deepStrictEqual(durableView(fold.environment).resources, journal.state.resources);
  deepStrictEqual(durableView(fold.environment).liveRuns, journal.state.liveRuns);
  deepStrictEqual(fold.head, journal.head);
  strictEqual(fold.stream, journal.stream);
});

Deno.test("append() of events of a run that is not live is refused", async () => {
  const log = new MemoryLog();
  await startLog(log);
  const journal = await openTestJournal(log);
  const answer = await journal.append(batch([createStarted("a.x", "t1")]));
  deepStrictEqual(answer, { ok: false, error: { kind: "RunNotLive", run: RUN } });
  strictEqual(journal.head.seq, 1);
});

Deno.test("J1: what arrives while a write is in flight goes into one record with the next", async () => {
  const { log, gate } = await gatedLog();
  const journal = await openTestJournal(log);
  await started(journal, ["a.x", "a.y", "a.z"]);
  gate.close();
  const first = journal.append(batch([createStarted("a.x", "t1")]));
  await gate.reached();
  const second = journal.append(batch([createStarted("a.y", "t2")]));
  const third = journal.append(batch([createStarted("a.z", "t3")]));
  gate.open();
  deepStrictEqual([await first, await second, await third].map((each) => each.ok && each.value), [
    { seq: 3, index: 0 },
    { seq: 4, index: 0 },
    { seq: 4, index: 1 },
  ]);
});

Deno.test("a record holds events of one run only", async () => {
  const log = new MemoryLog();
  await startLog(log);
  const heard = new Heard();
  const journal = await openTestJournal(log, heard);
  await Promise.all([
    journal.append(batch([runStarted(RUN, ["a.x"])])),
    journal.append(batch([runStarted(OTHER_RUN, ["a.y"])], OTHER_RUN)),
    journal.append(batch([createStarted("a.x", "t1")])),
    journal.append(batch([createStarted("a.y", "t2")], OTHER_RUN)),
  ]);
  const records = heard.records.map(({ record }) => [record.run, record.events.map((each) => each.type)]);
  deepStrictEqual(records.slice(1), [
    [RUN, ["RunStarted", "CreateStarted"]],
    [OTHER_RUN, ["RunStarted", "CreateStarted"]],
  ]);
});

Deno.test("J2, P1 second: protect and delete that wait together are admitted each on top of the one before", async () => {
  const log = new MemoryLog();
  const journal = await grownLog(log, 1);
  const version = journal.state.resources.get("a.x0")?.version ?? 0;
  const decidedOn = new Map([["a.x0", version]]);
  const deletion = {
    type: "DeleteStarted",
    address: "a.x0",
    token: "t9",
    id: "id-0",
    deadlineMs: 1,
  } as const;
  const [protection, refused] = await Promise.all([
    journal.append({ run: RUN, events: [{ type: "Protected", address: "a.x0" }], decidedOn }),
    journal.append({ run: RUN, events: [deletion], decidedOn }),
  ]);
  assert(protection.ok);
  deepStrictEqual(refused, {
    ok: false,
    error: { kind: "VersionMoved", address: "a.x0", decidedOn: version, found: version + 1 },
  });
});

Deno.test("J2, P1 second: of two runs of one process that claim the same, one is refused", async () => {
  const log = new MemoryLog();
  await startLog(log);
  const journal = await openTestJournal(log);
  const [one, other] = await Promise.all([
    journal.append(batch([runStarted(RUN)])),
    journal.append(batch([runStarted(OTHER_RUN)], OTHER_RUN)),
  ]);
  assert(one.ok);
  assert(!other.ok && other.error.kind === "ClaimTaken");
  deepStrictEqual(other.error.addresses, ["a.x"]);
  strictEqual(other.error.holder.started.run, RUN);
});

Deno.test("J2, P1 first: of two engines that claim the same, the one that meets a conflict is refused", async () => {
  const log = new MemoryLog();
  await startLog(log);
  const mine = await openTestJournal(log);
  const theirs = await openTestJournal(log);
  const answers = await Promise.all([
    mine.append(batch([runStarted(RUN)])),
    theirs.append(batch([runStarted(OTHER_RUN)], OTHER_RUN)),
  ]);
  deepStrictEqual(answers.map((answer) => answer.ok || answer.error.kind).sort(), ["ClaimTaken", true]);
  await Promise.all([mine.refresh(), theirs.refresh()]);
  const winner = answers[0]?.ok === true ? RUN : OTHER_RUN;
  deepStrictEqual([...mine.state.liveRuns.keys(), ...theirs.state.liveRuns.keys()], [winner, winner]);
});

Deno.test("P1: after a conflict the key is asked again: one revoked meanwhile signs nothing more", async () => {
  const log = new MemoryLog();
  const second = await testKey(2);
  await startLog(log, [KEY.trusted, second.trusted]);
  const mine = await openTestJournal(log);
  const theirs = await openTestJournal(log, new Heard(), second.signer);
  await mine.append(batch([{ type: "KeyRevoked", keyId: second.trusted.id, reason: "lost" }]));
  const answer = await theirs.append(batch([runStarted(OTHER_RUN)], OTHER_RUN));
  deepStrictEqual(answer, {
    ok: false,
    error: { kind: "KeyNotTrusted", keyId: second.trusted.id, role: "apply" },
  });
});

Deno.test("a refusal is told of the state of now: claims that were freed meanwhile are free", async () => {
  const log = new MemoryLog();
  await startLog(log);
  const mine = await openTestJournal(log);
  await mine.append(batch([runStarted(RUN)]));
  const theirs = await openTestJournal(log);
  await mine.append(batch([{ type: "RunFinished", outcome: "succeeded" }]));
  const answer = await theirs.append(batch([runStarted(OTHER_RUN)], OTHER_RUN));
  assert(answer.ok);
});

Deno.test("a batch refused because of another that lost its place is admitted after all", async () => {
  const log = new Meddled();
  await startLog(log);
  const mine = await openTestJournal(log);
  const theirs = await openTestJournal(log.inner);
  const third = "0".repeat(31) + "3";
  await theirs.append(batch([runStarted(third, ["b.y"])], third));
  await mine.refresh();
  // RUN's record would have taken a.x; the other engine's write comes first and ends RUN's chance.
  log.onAppend = async (store) => {
    log.onAppend = (again) => again();
    await theirs.append(batch([runStarted(RUN, ["c.z"])], RUN));
    return await store();
  };
  const [lost, won] = await Promise.all([
    mine.append(batch([runStarted(RUN, ["a.x"]), createStarted("a.x", "t1")])),
    mine.append(batch([createStarted("c.z", "t2")])),
  ]);
  assert(!lost.ok && lost.error.kind === "RunExists");
  assert(won.ok);
});

Deno.test("J3: a batch refused half-way leaves nothing, and those around it are stored", async () => {
  const log = new MemoryLog();
  await startLog(log);
  const heard = new Heard();
  const journal = await openTestJournal(log, heard);
  await started(journal, ["a.x", "a.y", "a.z"]);
  const [before, halfway, after] = await Promise.all([
    journal.append(batch([createStarted("a.x", "t1")])),
    journal.append(batch([createStarted("a.y", "t2"), createStarted("b.unclaimed", "t3")])),
    journal.append(batch([createStarted("a.z", "t4")])),
  ]);
  deepStrictEqual(halfway, { ok: false, error: { kind: "NotClaimed", address: "b.unclaimed" } });
  deepStrictEqual([before, after].map((each) => each.ok && each.value), [
    { seq: 3, index: 0 },
    { seq: 3, index: 1 },
  ]);
  assert(!journal.state.resources.has("a.y"));
  const last = heard.records.at(-1)?.record;
  deepStrictEqual(addressesOf(last), ["a.x", "a.z"]);
});

Deno.test("J3: events of one batch about one resource were decided together", async () => {
  const log = new MemoryLog();
  await startLog(log);
  const journal = await openTestJournal(log);
  await started(journal, ["a.x"]);
  const events = [
    createStarted("a.x", "t1"),
    createSucceeded("a.x", "t1", "id-1"),
    {
      type: "Tainted",
      address: "a.x",
      reason: "one-time output lost",
    } as const,
  ];
  const answer = await journal.append({ run: RUN, events, decidedOn: new Map([["a.x", 0]]) });
  assert(answer.ok);
  strictEqual(journal.state.resources.get("a.x")?.version, 3);
});

Deno.test("J4: state shows an event only once its record is durable", async () => {
  const { log, gate } = await gatedLog();
  const journal = await openTestJournal(log);
  await started(journal, ["a.x"]);
  gate.close();
  const answer = journal.append(batch([createStarted("a.x", "t1")]));
  await gate.reached();
  assert(!journal.state.resources.has("a.x"));
  strictEqual(journal.head.seq, 2);
  gate.open();
  await answer;
  assert(journal.state.resources.has("a.x"));
});

Deno.test("J5: after a write has failed nothing is acknowledged any more", async () => {
  const log = new Meddled();
  await startLog(log);
  const journal = await openTestJournal(log);
  await started(journal, ["a.x", "a.y"]);
  const full = new Error("No space left on device");
  log.onAppend = () => Promise.reject(full);
  const both = [
    journal.append(batch([createStarted("a.x", "t1")])),
    journal.append(batch([runStarted(OTHER_RUN, [])], OTHER_RUN)),
  ];
  for (const answer of both) await rejects(answer, full);
  log.onAppend = (store) => store();
  await rejects(journal.append(batch([createStarted("a.y", "t2")])), full);
  await rejects(journal.refresh(), full);
  assert(!journal.state.resources.has("a.x"));
});

Deno.test("P8 a: a record stored whose answer was lost, then taken, is ours and no conflict", async () => {
  const log = new Meddled();
  await startLog(log);
  const journal = await openTestJournal(log);
  await started(journal, ["a.x"]);
  log.onAppend = async (store) => {
    await store();
    return { kind: "again", afterMs: 5 };
  };
  const appended = journal.append(batch([createStarted("a.x", "t1")]));
  await Promise.resolve();
  let attempts = 0;
  log.onAppend = async (store) => {
    const answer = await store();
    attempts += 1;
    return attempts === 1 ? { kind: "again", afterMs: 5 } : answer;
  };
  deepStrictEqual(await appended, { ok: true, value: { seq: 3, index: 0 } });
  strictEqual((await storedRecords(log.inner)).length, 3);
  strictEqual(journal.state.resources.get("a.x")?.intent?.started.token, "t1");
});

Deno.test("P8 b: the same bytes are sent until the answer is definite, though more has come meanwhile", async () => {
  const log = new Meddled();
  await startLog(log);
  const journal = await openTestJournal(log);
  await started(journal, ["a.x", "a.y"]);
  log.sent.length = 0;
  const late: Promise<unknown>[] = [];
  log.onAppend = (store) => {
    if (log.sent.length > 3) return store();
    late.push(journal.append(batch([{ type: "Tainted", address: "a.y", reason: "test" }])));
    return Promise.resolve({ kind: "again", afterMs: 5 });
  };
  await journal.append(batch([createStarted("a.x", "t1")]));
  strictEqual(new Set(log.sent.slice(0, 4)).size, 1);
  await Promise.all(late);
  strictEqual(log.sent.length, 5);
  strictEqual((await storedRecords(log.inner)).length, 4);
});

Deno.test("P8 b: a write that arrives after its sender asked in vain is not written twice", async () => {
  const log = new Meddled();
  await startLog(log);
  const journal = await openTestJournal(log);
  await started(journal, ["a.x"]);
  let first: (() => Promise<AppendAnswer>) | undefined;
  log.onAppend = async (store) => {
    if (first === undefined) {
      first = store;
      return { kind: "again", afterMs: 5 };
    }
    await first();
    return await store();
  };
  const answer = await journal.append(batch([{ type: "Tainted", address: "a.x", reason: "test" }]));
  deepStrictEqual(answer, { ok: true, value: { seq: 3, index: 0 } });
  strictEqual(journal.state.resources.get("a.x")?.version, 1);
});

Deno.test("P8 c: taken with nothing there is no answer: the same bytes are sent again", async () => {
  const log = new Meddled();
  await startLog(log);
  const clock = new class extends TestClock {
    #readings = 0;
    override wallMs(): number {
      this.#readings += 1;
      return super.wallMs() + this.#readings;
    }
  }();
  const parts = { log, clock, checks: CHECKS, signer: KEY.signer, observer: new Heard() };
  const journal = await openJournal(parts, NAME, []);
  await started(journal, ["a.x"]);
  let isFirst = true;
  log.onAppend = (store) => {
    if (!isFirst) return store();
    isFirst = false;
    return Promise.resolve({ kind: "taken" });
  };
  log.sent.length = 0;
  const answer = await journal.append(batch([createStarted("a.x", "t1")]));
  deepStrictEqual(answer, { ok: true, value: { seq: 3, index: 0 } });
  strictEqual(log.sent.length, 2);
  strictEqual(log.sent[0], log.sent[1]);
  assert(journal.state.resources.has("a.x"));
});

Deno.test("P8: another's record at our seq is a conflict: it is folded, and ours comes after it", async () => {
  const log = new MemoryLog();
  await startLog(log);
  const mine = await openTestJournal(log);
  const theirs = await openTestJournal(log);
  await mine.append(batch([runStarted(RUN, ["a.x"])]));
  const answer = await theirs.append(batch([runStarted(OTHER_RUN, ["b.y"])], OTHER_RUN));
  deepStrictEqual(answer, { ok: true, value: { seq: 3, index: 0 } });
  deepStrictEqual([...theirs.state.liveRuns.keys()], [RUN, OTHER_RUN]);
});

Deno.test("P3: an outcome is stored after its run was broken and the intent held for not done", async () => {
  const log = new MemoryLog();
  await startLog(log);
  const slow = await openTestJournal(log);
  const quick = await openTestJournal(log);
  await started(slow, ["a.x"]);
  await slow.append(batch([createStarted("a.x", "t1")]));
  const resolved = { type: "OutcomeResolved", address: "a.x", token: "t1", outcome: "notDone" } as const;
  await quick.append(batch([{ type: "RunBroken", run: RUN, reason: "silent" }], OTHER_RUN));
  await quick.append(batch([
    runStarted(OTHER_RUN),
    { ...resolved, evidence: "absence" },
    createStarted("a.x", "t2"),
    createSucceeded("a.x", "t2", "id-2"),
  ], OTHER_RUN));
  const late = await slow.append({
    run: RUN,
    events: [createSucceeded("a.x", "t1", "id-1")],
    decidedOn: new Map([["a.x", 1]]),
  });
  assert(late.ok);
  const state = slow.state.resources.get("a.x");
  strictEqual(state?.object?.id, "id-2");
  deepStrictEqual(state?.deposed.map((each) => [each.object.id, each.reason]), [["id-1", "late"]]);
});

Deno.test("refresh() folds what others have appended", async () => {
  const log = new MemoryLog();
  await startLog(log);
  const mine = await openTestJournal(log);
  const heard = new Heard();
  const theirs = await openTestJournal(log, heard);
  await mine.append(batch([runStarted(RUN)]));
  await theirs.refresh();
  deepStrictEqual([...theirs.state.liveRuns.keys()], [RUN]);
  deepStrictEqual(heard.records.map(({ record }) => record.seq), [1, 2]);
});

Deno.test("openJournal() makes durable what it has read before anything is decided on it", async () => {
  const steps: string[] = [];
  const log = new Meddled();
  await startLog(log);
  log.onRead = () => steps.push("read");
  log.sync = () => {
    steps.push("sync");
    return Promise.resolve();
  };
  await openTestJournal(log);
  strictEqual(steps.at(-1), "sync");
});

Deno.test("openJournal() of a log that is not there says so", async () => {
  await rejects(openTestJournal(new MemoryLog()), /Cannot open the log of "dev": it has no record/);
});

Deno.test("P19: a store that cannot be reached is asked until close(), which rejects what waits and what comes later", async () => {
  const log = new Meddled();
  await startLog(log);
  const clock = new TestClock();
  const observer = new Heard();
  const journal = await openJournal({ log, observer, checks: CHECKS, signer: KEY.signer, clock }, NAME, []);
  const reason = new Error("the run has left");
  log.onAppend = () => {
    journal.close(reason);
    return Promise.resolve({ kind: "again", afterMs: 5 });
  };
  await rejects(journal.append(batch([runStarted(RUN)])), reason);
  await rejects(journal.append(batch([runStarted(RUN)])), reason);
});

function addressesOf(record: LogRecord | undefined): string[] {
  return (record?.events ?? []).flatMap((event) => "address" in event ? [event.address] : []);
}

async function started(journal: Journal, writes: string[]): Promise<void> {
  const answer = await journal.append(batch([runStarted(RUN, writes)]));
  assert(answer.ok);
}

interface Gate {
  close(): void;
  open(): void;
  /** Resolves once an append waits at the closed gate. */
  reached(): Promise<void>;
}

async function gatedLog(): Promise<{ log: LogBackend; gate: Gate }> {
  const log = new Meddled();
  await startLog(log);
  let passage = Promise.resolve();
  let open = (): void => {};
  let arrival = Promise.withResolvers<void>();
  log.onAppend = async (store) => {
    arrival.resolve();
    await passage;
    return await store();
  };
  const gate = {
    close: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      passage = promise;
      open = resolve;
      arrival = Promise.withResolvers<void>();
    },
    open: () => open(),
    reached: () => arrival.promise,
  };
  return { log, gate };
}
