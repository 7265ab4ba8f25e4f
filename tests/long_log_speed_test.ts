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
import { loadLog } from "../store/load_log.ts";
import { MemoryLog } from "../store/memory_log.ts";
import { auditVerify } from "../audit/verify.ts";
import { err } from "../engine/result.ts";
import { sealRecord } from "../store/seal_record.ts";

const AT = "2026-01-02T03:04:05.000Z";
/** As an apply at parallelism 10 groups them. */
const EVENTS_A_RECORD = 10;
const REPEATS = 3;
/** Four times the events may take so many times as long: linear, and as much again for a busy machine. */
const FACTOR_AT_MOST = 8;

/** A log of `count` events: a run that creates, intents and outcomes by turns. */
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
  return { log, stream };
}

/** Milliseconds of the quickest of several times. */
async function bestOf(work: () => Promise<void>): Promise<number> {
  let best = Infinity;
  for (let nth = 0; nth < REPEATS; nth++) {
    const startMs = performance.now();
    await work();
    best = Math.min(best, performance.now() - startMs);
  }
  return best;
}

async function fold(log: MemoryLog, count: number): Promise<void> {
  const loaded = await loadLog(log, NAME, { checks: CHECKS, pins: [], see: () => {} });
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
    checkpoint: () => ({ root: "", object: "" }),
  });
  deepStrictEqual(report.checks.filter(({ status }) => status === "failed"), []);
}

Deno.test("35: verifying and folding 50,000 events takes linearly longer than 12,500", async () => {
  const times: { readonly fold: number; readonly verify: number }[] = [];
  for (const count of [12_502, 50_002]) {
    const { log, stream } = await longLog(count);
    times.push({
      fold: await bestOf(() => fold(log, count)),
      verify: await bestOf(() => verify(log, stream)),
    });
  }
  const [small, large] = times;
  ok(small !== undefined && large !== undefined);
  ok(large.fold < small.fold * FACTOR_AT_MOST, `fold: ${small.fold} ms, then ${large.fold} ms`);
  ok(large.verify < small.verify * FACTOR_AT_MOST, `verify: ${small.verify} ms, then ${large.verify} ms`);
});
