import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { Event } from "../engine/event.ts";
import type { JsonObject } from "../engine/json.ts";
import { LogFold } from "../store/log_fold.ts";
import { type VerifiedRecord, verifyRecords } from "../store/verify_records.ts";
import { AuditedLog, createStarted, createSucceeded, runStarted } from "./audited_log_arbitrary.ts";
import { digestWith } from "./digest_set.ts";
import { sbom, type SbomForm, type SbomSource } from "./sbom.ts";
import { stateAfter } from "./verified_log.ts";

const RUN = "01".repeat(16);
const FORM: SbomForm = { specVersion: "1.6", ids: "told", toolVersion: "1.2.3" };

async function sbomOf(events: readonly Event[]): Promise<JsonObject> {
  const { source, digest } = await sourceOf(events);
  return await sbom(source(), FORM, digest);
}

/** A log of these events, each a record; `source` is what it tells, up to a record where one is named. */
async function sourceOf(events: readonly Event[]) {
  const made = await AuditedLog.open();
  await made.append(RUN, [runStarted(RUN, ["net.a", "net.b", "net.c", "net.d"])]);
  for (const event of events) await made.append(RUN, [event]);
  const records: VerifiedRecord[] = [];
  const log = await made.backend();
  const see = (each: VerifiedRecord) => void records.push(each);
  await verifyRecords(new LogFold("dev"), log.read("dev", 1), { checks: made.checks, pins: [], see });
  ok(records.every(({ voids }) => voids.length === 0));
  const { stream } = made;
  const source = (seq: number = made.head.seq, headSeq: number = seq): SbomSource => {
    const state = stateAfter({ records, head: made.head, stream }, seq);
    ok(state.facts !== undefined);
    const head = { seq: headSeq, hash: made.records[headSeq - 1]?.hash ?? "" };
    const about = { environment: "dev", stream, head, state, facts: state.facts };
    return { ...about, at: "2026-01-02T03:04:05Z", kindOf: () => "platform" };
  };
  return { source, digest: digestWith(made.checks.hash) };
}

/** `net.a` was replaced, and `net.b` still relies on its first object; `net.c` relies on an address that holds nothing. */
const REPLACED: readonly Event[] = [
  createStarted("net.a", "t-1"),
  createSucceeded("net.a", "t-1", "net-1"),
  { ...createStarted("net.b", "t-2"), dependencies: [{ address: "net.a", incarnation: 1 }] },
  createSucceeded("net.b", "t-2", "net-2"),
  { ...createStarted("net.a", "t-3"), replaces: "net-1" },
  createSucceeded("net.a", "t-3", "net-3"),
  { ...createStarted("net.c", "t-4"), dependencies: [{ address: "net.d", incarnation: 1 }] },
  createSucceeded("net.c", "t-4", "net-4"),
];

function refs(bom: JsonObject): string {
  return JSON.stringify(bom["components"]).match(/(?<="bom-ref":")[^"]+/g)?.join(" ") ?? "";
}

Deno.test("sbom() lists an object that was replaced and still exists, and who relies on which", async () => {
  const bom = await sbomOf(REPLACED);
  strictEqual(refs(bom), "net.a net.a@1 net.b net.c");
  const [root, ...others] = Array.isArray(bom["dependencies"]) ? bom["dependencies"] : [];
  deepStrictEqual(others, [
    { ref: "net.a", dependsOn: [] },
    { ref: "net.a@1", dependsOn: [] },
    { ref: "net.b", dependsOn: ["net.a@1"] },
    { ref: "net.c", dependsOn: [] },
  ]);
  match(JSON.stringify(root), /"dependsOn":\["net\.a","net\.b","net\.c"\]/);
  const text = JSON.stringify(bom["components"]);
  match(
    text,
    /"bom-ref":"net\.a@1","name":"net\.a","version":"1".*?\{"name":"smelt:deposed","value":"replaced"\}/,
  );
  match(text, /\{"name":"smelt:relies-on-absent","value":"net\.d"\}/);
});

Deno.test("sbom() makes a relation to what counts now where the object that was relied on is gone", async () => {
  const gone: readonly Event[] = [
    {
      type: "DeleteStarted",
      address: "net.a",
      token: "t-5",
      id: "net-1",
      deadlineMs: 1,
      underDependents: true,
    },
    { type: "DeleteSucceeded", address: "net.a", token: "t-5", id: "net-1" },
  ];
  const bom = await sbomOf([...REPLACED, ...gone]);
  strictEqual(refs(bom), "net.a net.b net.c");
  match(JSON.stringify(bom["dependencies"]), /\{"ref":"net\.b","dependsOn":\["net\.a"\]\}/);
});

Deno.test("sbom() derives its serial number from the state and from its form, as a UUID of version 8", async () => {
  const { source, digest } = await sourceOf(REPLACED);
  const serial = async (from: SbomSource, form: Partial<SbomForm> = {}) =>
    (await sbom(from, { ...FORM, ...form }, digest))["serialNumber"];
  const all = await Promise.all([
    serial(source()),
    serial(source(4)),
    serial(source(), { ids: "omitted" }),
    serial(source(), { specVersion: "1.5" }),
  ]);
  strictEqual(await serial(source(10, 9)), all[0]);
  strictEqual(new Set(all).size, all.length);
  for (const each of all) {
    match(String(each), /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
});

Deno.test("sbom() of an environment that holds nothing lists nothing", async () => {
  const bom = await sbomOf([]);
  deepStrictEqual(bom["components"], []);
  strictEqual(JSON.stringify(bom["dependencies"]).match(/"ref"/g)?.length, 1);
});
