import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Event } from "../engine/event.ts";
import type { JsonObject } from "../engine/json.ts";
import type { ObjectFacts, UpdateStarted } from "../engine/resource_event.ts";
import { LogFold } from "../store/log_fold.ts";
import { type VerifiedRecord, verifyRecords } from "../store/verify_records.ts";
import { AuditedLog, createStarted, deleteStarted, runStarted } from "./audited_log_arbitrary.ts";
import { blame } from "./blame.ts";
import { addressAt, lineageOf } from "./lineage.ts";
import { stateAfter, type VerifiedLog } from "./verified_log.ts";

const RUN = "01".repeat(16);

/** A log of one run that may write `net.a` and `net.b`, a record for each list of events. */
async function logOf(...records: readonly (readonly Event[])[]): Promise<VerifiedLog> {
  const made = await AuditedLog.open();
  await made.append(RUN, [{ ...runStarted(RUN, ["net.a", "net.b"]), why: "a try" }]);
  for (const events of records) await made.append(RUN, events);
  const verified: VerifiedRecord[] = [];
  const see = (each: VerifiedRecord) => void verified.push(each);
  const log = await made.backend();
  await verifyRecords(new LogFold("dev"), log.read("dev", 1), { checks: made.checks, pins: [], see });
  return { records: verified, head: made.head, stream: made.stream };
}

function facts(fields: JsonObject, id = "net-1"): ObjectFacts {
  return { id, fields, outputs: {} };
}

function created(address: string, inputs: JsonObject, id = "net-1"): readonly Event[] {
  const token = `c-${id}`;
  return [createStarted(address, token, inputs), {
    type: "CreateSucceeded",
    address,
    token,
    ...facts(inputs, id),
  }];
}

function updated(address: string, token: string, inputs: JsonObject): readonly Event[] {
  const { dependencies, bindings, description, deadlineMs, schemaVersion } = createStarted(
    address,
    token,
    inputs,
  );
  const relations = { dependencies, bindings, description, deadlineMs, schemaVersion };
  const started: UpdateStarted = { type: "UpdateStarted", address, token, id: "net-1", inputs, ...relations };
  return [started, { type: "UpdateSucceeded", address, token, ...facts(inputs) }];
}

/** Each field as `path seq`, with the record that found it changed from outside. */
function blamed(log: VerifiedLog, address: string): readonly string[] | undefined {
  return blame(log, address)?.fields.map(({ path, by, outside }) =>
    `${path} ${by.seq}${outside === undefined ? "" : ` outside ${outside.seq}`}`
  );
}

Deno.test("blame() names the record that last gave each field another value, parts of maps one by one", async () => {
  const log = await logOf(
    created("net.a", { cidr: "10/8", tags: { a: 1, b: 1 } }),
    updated("net.a", "u1", { cidr: "10/8", tags: { a: 1, b: 2 } }),
    updated("net.a", "u2", { cidr: "10/8", mtu: 9, tags: { a: 1, b: 2 } }),
  );
  deepStrictEqual(blamed(log, "net.a"), ["cidr 3", "mtu 5", "tags.a 3", "tags.b 4"]);
  const [first] = blame(log, "net.a")?.fields ?? [];
  const { at, ...by } = first?.by ?? { at: "" };
  deepStrictEqual([at, by], ["2026-01-02T03:04:02.000Z", {
    seq: 3,
    run: RUN,
    command: "apply",
    person: "ann@box",
    host: "box",
    keyName: "ann",
    why: "a try",
  }]);
});

Deno.test("blame() names the intent, though its outcome came in a later record, and not one that failed", async () => {
  const [intent, outcome] = created("net.a", { mtu: 1 });
  const [failing] = updated("net.a", "u1", { mtu: 2 });
  if (intent === undefined || outcome === undefined || failing === undefined) {
    throw new Error("there are two");
  }
  const failure = { kind: "Denied", retry: "never", certainty: "notDone", message: "no" } as const;
  const failed: Event = { type: "UpdateFailed", address: "net.a", token: "u1", failure };
  deepStrictEqual(blamed(await logOf([intent], [outcome], [failing, failed]), "net.a"), ["mtu 3"]);
});

Deno.test("blame() says which fields were changed from outside, until they are sent again or found as they were", async () => {
  const observed = (mtu: number): Event => ({
    type: "Observed",
    address: "net.a",
    id: "net-1",
    found: facts({ mtu, cidr: "10/8" }),
  });
  const first = created("net.a", { mtu: 1, cidr: "10/8" });
  deepStrictEqual(blamed(await logOf(first, [observed(7)]), "net.a"), ["cidr 3", "mtu 3 outside 4"]);
  deepStrictEqual(blamed(await logOf(first, [observed(7)], [observed(1)]), "net.a"), ["cidr 3", "mtu 3"]);
  const healed = await logOf(first, [observed(7)], updated("net.a", "u1", { mtu: 1, cidr: "10/8" }));
  deepStrictEqual(blamed(healed, "net.a"), ["cidr 3", "mtu 3"]);
});

Deno.test("blame() follows what was moved, begins anew after a deletion, and has nothing where nothing lives", async () => {
  const gone: readonly Event[] = [deleteStarted("net.b", "d1", "net-0"), {
    type: "DeleteSucceeded",
    address: "net.b",
    token: "d1",
    id: "net-0",
  }];
  const log = await logOf(
    created("net.b", { mtu: 5 }, "net-0"),
    gone,
    created("net.a", { mtu: 5 }),
    [{ type: "Moved", address: "net.b", from: "net.a" }],
    created("net.a", { mtu: 5 }, "net-2"),
  );
  deepStrictEqual(blamed(log, "net.b"), ["mtu 5"]);
  deepStrictEqual(blamed(log, "net.a"), ["mtu 7"]);
  strictEqual(blame(log, "net.c"), undefined);
  const lineage = lineageOf(log.records, "net.b");
  deepStrictEqual([4, 5, 6, 7].map((seq) => addressAt(lineage, { seq, index: 0 })), [
    "net.a",
    "net.a",
    "net.b",
    "net.b",
  ]);
});

Deno.test("stateAfter() is what was true then: void events make nothing true", async () => {
  const log = await logOf(
    created("net.a", { mtu: 1 }),
    [{ type: "Untainted", address: "net.z" }],
    updated("net.a", "u1", { mtu: 2 }),
  );
  const mtus = [2, 3, 4, 5].map((seq) => stateAfter(log, seq).resources.get("net.a")?.object?.inputs["mtu"]);
  deepStrictEqual(mtus, [undefined, 1, 1, 2]);
  deepStrictEqual([log.records[3]?.voids.length, stateAfter(log, 4).resources.has("net.z")], [1, false]);
});
