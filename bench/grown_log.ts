import { strictEqual } from "node:assert/strict";
import { join } from "node:path";
import type { Event } from "../engine/event.ts";
import { isJsonObject, type Json } from "../engine/json.ts";
import { RECORD_VERSION } from "../engine/record.ts";
import type { ObjectFacts } from "../engine/resource_event.ts";
import { loadRecordChecks } from "../store/record_checks.ts";
import { sealRecord } from "../store/seal_record.ts";
import type { TestProject } from "../tests/harness/test_project.ts";
import { loadSigner } from "../trust/signing_key_file.ts";

/** How many resources an apply has in flight. */
const PARALLELISM = 10;
const ACCOUNT = "sim account 655151832871";

/** Of what size a log is to be. */
export interface GrownSize {
  readonly resourceCount: number;
  /** The least number of events; what runs of all resources come to. */
  readonly eventCount: number;
}

/**
 * Grows the log of a new project to what applies of `sim.Queue` at parallelism 10 would have written, grouped into records
 * as the journal groups them and signed with the project's own key: one run makes all resources, the next ones change each
 * of them. Gives the number of events.
 */
export async function growLog(project: TestProject, size: GrownSize): Promise<number> {
  const { hash } = await loadRecordChecks();
  const key = await loadSigner(hash, join(project.root, ".smelt/keys/local.key"));
  if (!key.ok) throw new Error(key.error.message);
  const { signer } = key.value;
  const first = (await Deno.readTextFile(project.logPath)).split("\t")[0] ?? "";
  const opened: Json = JSON.parse(first);
  strictEqual(isJsonObject(opened) && opened["seq"], 1);
  const stream = hash(new TextEncoder().encode(first));
  let head = { seq: 1, hash: stream };
  let count = 1;
  using file = await Deno.open(project.logPath, { append: true });
  for (const { run, events } of groups(size)) {
    const { seq, hash: prev } = head;
    const at = new Date(Date.UTC(2026, 0, 1) + seq * 2).toISOString();
    const frame = { v: RECORD_VERSION, stream, seq: seq + 1, prev, at, run, by: signer.keyId } as const;
    const sealed = await sealRecord({ ...frame, events }, hash, signer);
    for (const bytes of [sealed.bytes, LINE_END]) file.writeSync(bytes);
    head = { seq: seq + 1, hash: sealed.hash };
    count += events.length;
  }
  return count;
}

const LINE_END = new Uint8Array([0x0a]);

interface Group {
  readonly run: string;
  readonly events: readonly Event[];
}

function* groups({ resourceCount, eventCount }: GrownSize): Generator<Group> {
  let count = 1;
  for (let round = 0; round === 0 || count < eventCount; round++) {
    for (const group of runGroups(round, resourceCount)) {
      yield group;
      count += group.events.length;
    }
  }
}

/** The records of one run over all resources: the intents of ten stand in one, what came of them in the next. */
function* runGroups(round: number, resourceCount: number): Generator<Group> {
  const run = hexId("aa", round);
  const addresses = Array.from({ length: resourceCount }, (_, index) => addressOf(index));
  const group = (events: readonly Event[]): Group => ({ run, events });
  yield group([{
    ...{ type: "RunStarted", run, command: "apply", writes: addresses, reads: [] },
    ...{ host: "box", who: "ann@box", ttlMs: 30_000 },
  }]);
  yield group([{ type: "AccountBound", provider: "sim", account: ACCOUNT }]);
  const steps = round === 0 ? CREATION : CHANGE;
  for (let start = 0; start < resourceCount; start += PARALLELISM) {
    const indexes = Array.from(
      { length: Math.min(PARALLELISM, resourceCount - start) },
      (_, nth) => start + nth,
    );
    for (const step of steps) yield group(indexes.flatMap((index) => step(index, round)));
  }
  yield group([{ type: "RunFinished", outcome: "succeeded" }]);
}

type Step = (index: number, round: number) => readonly Event[];

const CREATION: readonly Step[] = [
  (index, round) => [started(index, round)],
  (index, round) => [accepted(index, round), succeeded(index, round)],
];
const CHANGE: readonly Step[] = [
  (index, round) => [changing(index, round)],
  (index, round) => [{ ...facts(index, round), ...intentOf(index, round), type: "UpdateSucceeded" }],
];

function started(index: number, round: number): Event {
  return {
    ...wanted(index, round),
    ...intentOf(index, round),
    type: "CreateStarted",
    resourceType: "sim.Queue",
    account: ACCOUNT,
  };
}

function changing(index: number, round: number): Event {
  const precondition = String(round);
  return {
    ...wanted(index, round),
    ...intentOf(index, round),
    type: "UpdateStarted",
    id: idOf(index),
    precondition,
  };
}

function accepted(index: number, round: number): Event {
  return { ...intentOf(index, round), type: "CreateAccepted", id: idOf(index) };
}

function succeeded(index: number, round: number): Event {
  return { ...facts(index, round), ...intentOf(index, round), type: "CreateSucceeded" };
}

function wanted(index: number, round: number) {
  const description = { intent: `Holds the orders of shop ${index}` };
  const inputs = fields(index, round);
  return { inputs, dependencies: [], bindings: [], description, schemaVersion: 1, deadlineMs: 10_000 };
}

function facts(index: number, round: number): ObjectFacts {
  const id = idOf(index);
  return {
    id,
    fields: fields(index, round),
    outputs: {
      arn: `arn:sim:north:655151832871:queue/${id}`,
      url: `https://queue.sim.internal/655151832871/${id}`,
    },
    precondition: String(round + 1),
  };
}

function fields(index: number, round: number) {
  const tags = { shop: String(index), stage: `test ${round}` };
  return { fifo: false, name: `q${index}`, retention_s: 345_600, tags, visibility_timeout_s: 30 };
}

function intentOf(index: number, round: number) {
  return { address: addressOf(index), token: hexId("cc", round * 1_000_000 + index) };
}

function addressOf(index: number): string {
  return `queue.q${index}`;
}

function idOf(index: number): string {
  return `que-${index.toString(16).padStart(8, "0")}`;
}

/** 128 bits in hex, another for each number. */
function hexId(prefix: string, index: number): string {
  return prefix + index.toString(16).padStart(30, "0");
}
