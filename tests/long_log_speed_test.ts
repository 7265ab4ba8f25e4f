import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  CHECKS,
  createStarted,
  createSucceeded,
  KEY,
  NAME,
  RUN,
  runStarted,
  startLog,
  storedRecords,
} from "../store/_test_log.ts";
import type { Event } from "../engine/event.ts";
import { RECORD_VERSION } from "../engine/record.ts";
import { checkpointDigest } from "../store/checkpoint_digest.ts";
import { loadLog } from "../store/load_log.ts";
import { MemoryLog } from "../store/memory_log.ts";
import { auditVerify } from "../audit/verify.ts";
import { err } from "../engine/result.ts";
import { sealRecord } from "../store/seal_record.ts";

const AT = "2026-01-02T03:04:05.000Z";
const ANY = { checks: CHECKS, pins: [], see: () => {} };
/** As an apply at parallelism 10 groups them. */
const EVENTS_A_RECORD = 10;
const REPEATS = 3;
/** Four times the events may take so many times as long: linear, and as much again for a busy machine. */
const FACTOR_AT_MOST = 8;

/** A log of `count` events, a run that creates, intents and outcomes by turns; and a checkpoint of them all. */
async function longLog(count: number): Promise<{ readonly log: MemoryLog; readonly stream: string }> {
  const log = new MemoryLog();
  await startLog(log);
  const [first] = await storedRecords(log);
  const [canonical = ""] = new TextDecoder().decode(first?.bytes).split("\t");
  const stream = CHECKS.hash(new TextEncoder().encode(canonical));
  const resources = Array.from({ length: (count - 2) / 2 }, (_, nth) => `a.x${nth}`);
  const events: Event[] = [runStarted(RUN, resources)];
  for (let from = 0; from < resources.length; from += EVENTS_A_RECORD) {
    const group = resources.slice(from, from + EVENTS_A_RECORD);
    for (const address of group) events.push(createStarted(address, `t-${address}`));
    for (const address of group) events.push(createSucceeded(address, `t-${address}`, `id-${address}`));
  }
  let prev = stream;
  let from = 0;
  for (let seq = 2; from < events.length; seq++) {
    const size = seq === 2 ? 1 : EVENTS_A_RECORD;
    const head = { v: RECORD_VERSION, stream, seq, prev, at: AT, run: RUN, by: KEY.signer.keyId } as const;
    const sealed = await sealRecord(
      { ...head, events: events.slice(from, from + size) },
      CHECKS.hash,
      KEY.signer,
    );
    await log.append(NAME, seq, sealed.bytes);
    prev = sealed.hash;
    from += size;
  }
  await takeCheckpoint(log);
  return { log, stream };
}

async function takeCheckpoint(log: MemoryLog): Promise<void> {
  const fold = await loadLog(log, NAME, ANY);
  const { head, stream } = fold;
  const digest = checkpointDigest(CHECKS.hash, fold);
  const frame = { v: RECORD_VERSION, stream, seq: head.seq + 1, prev: head.hash, at: AT, run: RUN } as const;
  const events = [{ type: "CheckpointTaken", seq: head.seq, ...digest } as const];
  const sealed = await sealRecord({ ...frame, by: KEY.signer.keyId, events }, CHECKS.hash, KEY.signer);
  await log.append(NAME, frame.seq, sealed.bytes);
}

/** How many times as long the large work takes, at best: each time both are done one after the other, so that load hits both. */
async function leastFactor(small: () => Promise<void>, large: () => Promise<void>): Promise<number> {
  let least = Infinity;
  for (let nth = 0; nth < REPEATS; nth++) {
    const smallMs = await took(small);
    least = Math.min(least, await took(large) / smallMs);
  }
  return least;
}

async function took(work: () => Promise<void>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

async function fold(log: MemoryLog, count: number): Promise<void> {
  const loaded = await loadLog(log, NAME, ANY);
  strictEqual([...loaded.environment.resources.entries()].length, (count - 2) / 2);
}

async function verify(log: MemoryLog, stream: string): Promise<void> {
  const report = await auditVerify({
    environment: NAME,
    project: "shop",
    log,
    checks: CHECKS,
    pins: [{ seq: 1, hash: stream, source: "smelt.toml" }],
    vault: () => Promise.resolve(err({ kind: "Keys", message: "there are none" })),
    held: undefined,
    checkpoint: (folded) => checkpointDigest(CHECKS.hash, folded),
  });
  deepStrictEqual(report.checks.filter(({ status }) => status === "failed"), []);
}

const [SMALL, LARGE] = [12_502, 50_002];

Deno.test("35: verifying and folding 50,000 events takes linearly longer than 12,500", async () => {
  const [small, large] = [await longLog(SMALL), await longLog(LARGE)];
  const folding = await leastFactor(() => fold(small.log, SMALL), () => fold(large.log, LARGE));
  ok(folding < FACTOR_AT_MOST, `folding took ${folding} times as long`);
  const verifying = await leastFactor(
    () => verify(small.log, small.stream),
    () => verify(large.log, large.stream),
  );
  ok(verifying < FACTOR_AT_MOST, `verifying took ${verifying} times as long`);
});
