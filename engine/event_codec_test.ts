import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { canonicalJson } from "./canonical_json.ts";
import { EVENT_TYPES } from "./event.ts";
import { asStored, eventFault, readEvent } from "./event_codec.ts";
import { IntegrityError } from "./integrity_error.ts";
import { InvariantError } from "./invariant.ts";
import type { Json, JsonObject } from "./json.ts";

const KEY = `{"algorithm":"Ed25519","id":"k1","name":"Ada","publicKey":"MCow","roles":["admin","apply"]}`;
const FAILURE =
  `{"certainty":"unknown","kind":"Timeout","message":"no answer","retry":"withToken","retryAfterMs":5}`;
const BINDINGS = `"bindings":[{"from":["net.a"],"path":"network","source":"id"}]`;
const DEPENDENCIES = `"dependencies":[{"address":"net.a","incarnation":1}]`;
const TRIGGERS = `"triggers":{"net.a.id":"\\"n-1\\""}`;
const DESCRIPTION = `"description":{"intent":"why","owner":"me","retained":true}`;

/** One line of each kind of event as it lies in logs, with all that it may hold. These never change. */
const GOLDEN: readonly string[] = [
  `{"dataKey":"d1","digestKey":"g1","environment":"dev","keys":[${KEY}],"nonce":"n","project":"shop","type":"EnvironmentOpened"}`,
  `{"movedTo":"s2","type":"EnvironmentClosed"}`,
  `{"key":${KEY},"type":"KeyTrusted"}`,
  `{"keyId":"k1","reason":"lost","suspectFrom":7,"type":"KeyRevoked"}`,
  `{"command":"apply","host":"laptop","plan":"p","reads":["a.r"],"resumes":"r0","run":"r1","ttlMs":30000,"type":"RunStarted","who":"ada","why":"w","writes":["a.x"]}`,
  `{"type":"RunRenewed"}`,
  `{"outcome":"partial","type":"RunFinished"}`,
  `{"reason":"lockFree","run":"r1","type":"RunBroken"}`,
  `{"object":"o","root":"m","seq":9,"type":"CheckpointTaken"}`,
  `{"active":"d2","dropped":"d1","type":"SecretsRotated"}`,
  `{"account":"12","provider":"sim","type":"AccountBound"}`,
  `{"lostHash":"h","lostSeq":9,"restoredSeq":6,"type":"LogRestored"}`,
  `{"acceptedSeq":8,"type":"LossSettled"}`,
  `{"approvals":2,"protected":true,"type":"PolicySet"}`,
  `{"hash":"h7","plan":"p1","plannedBy":"k1","seq":7,"type":"PlanApproved","who":"ada","why":"w"}`,
  `{"paths":["fields.auth.password"],"subject":"a.x","type":"SecretRevealed"}`,
  `{"account":"12","address":"a.x",${BINDINGS},"deadlineMs":60000,${DEPENDENCIES},${DESCRIPTION},"inputs":{"big":{"$int":"9223372036854775807"},"key":{"$secret":{"blob":"b/d1","digest":"h"}},"odd":{"$object":{"$x":1}}},"nameWasFree":true,"replaces":"i-0","resourceType":"sim.Disk","schemaVersion":1,"token":"t1",${TRIGGERS},"type":"CreateStarted"}`,
  `{"address":"a.x","id":"i-1","token":"t1","type":"CreateAccepted"}`,
  `{"address":"a.x","facts":{"digest":"d"},"step":"built","token":"t1","type":"Progressed"}`,
  `{"address":"a.x","fields":{"size":1},"id":"i-1","outputs":{"url":"u"},"precondition":"e1","token":"t1","type":"CreateSucceeded"}`,
  `{"address":"a.x","failure":${FAILURE},"token":"t1","type":"CreateFailed"}`,
  `{"address":"a.x",${BINDINGS},"deadlineMs":60000,${DEPENDENCIES},${DESCRIPTION},"id":"i-1","inputs":{},"precondition":"e1","schemaVersion":1,"token":"t2",${TRIGGERS},"type":"UpdateStarted"}`,
  `{"address":"a.x","fields":{},"id":"i-1","outputs":{},"token":"t2","type":"UpdateSucceeded"}`,
  `{"address":"a.x","failure":${FAILURE},"token":"t2","type":"UpdateFailed"}`,
  `{"address":"a.x","deadlineMs":60000,"id":"i-1","precondition":"e2","token":"t3","type":"DeleteStarted","underDependents":true}`,
  `{"address":"a.x","id":"i-1","token":"t3","type":"DeleteSucceeded"}`,
  `{"address":"a.x","failure":${FAILURE},"id":"i-1","token":"t3","type":"DeleteFailed"}`,
  `{"address":"a.x","failure":${FAILURE},"token":"t1","type":"OutcomeUnknown"}`,
  `{"address":"a.x","evidence":"token","found":{"fields":{},"id":"i-1","outputs":{}},"outcome":"done","token":"t1","type":"OutcomeResolved"}`,
  `{"address":"a.x","because":"a.y","reason":"it failed","type":"Skipped"}`,
  `{"address":"a.x","found":null,"id":"i-1","type":"Observed"}`,
  `{"address":"a.x","id":"i-1","inputs":{"size":1},"type":"DriftAccepted"}`,
  `{"address":"a.x",${BINDINGS},${DEPENDENCIES},${DESCRIPTION},"schemaVersion":2,${TRIGGERS},"type":"Rebound"}`,
  `{"address":"a.x","id":"i-1","type":"Forgotten"}`,
  `{"account":"12","address":"a.x","fields":{"size":1},"id":"i-1","inputs":{"size":1},"outputs":{"url":"u"},"precondition":"e1","resourceType":"sim.Disk","schemaVersion":1,"type":"Imported"}`,
  `{"address":"a.x","from":"a.y","type":"Moved"}`,
  `{"address":"a.x","reason":"broken","type":"Tainted"}`,
  `{"address":"a.x","type":"Untainted"}`,
  `{"address":"a.x","byHand":true,"type":"Protected"}`,
  `{"address":"a.x","byHand":true,"type":"Unprotected"}`,
];

Deno.test("there is a golden line for each kind of event", () => {
  deepStrictEqual(GOLDEN.map((line) => parsed(line)["type"]), EVENT_TYPES);
});

for (const line of GOLDEN) {
  const { type } = parsed(line);

  Deno.test(`readEvent() reads ${type} as it was written`, () => {
    const event = readEvent(parsed(line), "dev record 2");
    deepStrictEqual(event as unknown, parsed(line));
    strictEqual(canonicalJson(event as unknown as Json), line);
    deepStrictEqual(asStored(event), event);
  });

  Deno.test(`readEvent() refuses ${type} with another key, and says that a newer version wrote it`, () => {
    refused({ ...parsed(line), zone: 1 }, "version", `${type} has an unknown key "zone"`);
  });

  Deno.test(`readEvent() refuses ${type} with any part missing or of another kind`, () => {
    for (const key of Object.keys(parsed(line))) {
      const { [key]: _part, ...rest } = parsed(line);
      strictEqual(eventFault(rest)?.kind, isOptional(line, key) ? undefined : "malformed", key);
      strictEqual(eventFault({ ...rest, [key]: 1.5 })?.kind, "malformed", key);
      strictEqual(eventFault({ ...rest, [key]: [[]] })?.kind, "malformed", key);
    }
  });
}

Deno.test("readEvent() refuses an unknown kind of event", () => {
  refused({ type: "Sublimed" }, "version", `"Sublimed" is an unknown kind of event`);
  refused({ type: "constructor" }, "version", `"constructor" is an unknown kind of event`);
  refused({ type: "__proto__" }, "version", "unknown kind");
});

Deno.test("readEvent() refuses what is no event", () => {
  for (const json of [null, 1, "RunRenewed", [], {}, { type: 1 }]) {
    strictEqual(eventFault(json)?.kind, "malformed");
  }
});

Deno.test("readEvent() refuses words and tags that it does not know", () => {
  refused({ type: "RunFinished", outcome: "abandoned" }, "version", 'unknown word "abandoned"');
  const created = parsed(GOLDEN.find((line) => line.includes("CreateStarted")) ?? "");
  refused({ ...created, inputs: { a: [{ $date: "x" }] } }, "version", 'unknown tag "$date"');
  refused({ ...created, inputs: { a: { $int: "12" } } }, "malformed", "not digits");
  refused({ ...created, inputs: { a: { $int: "1e99" } } }, "malformed", "not digits");
  refused({ ...created, inputs: { a: { $secret: { blob: "b" } } } }, "malformed", 'has no "digest"');
  refused({ ...created, inputs: { a: { $object: [] } } }, "malformed", "not an object");
  strictEqual(eventFault({ ...created, inputs: { a: { $a: 1, b: 2 } } }), undefined);
});

Deno.test("readEvent() refuses numbers that no count can have", () => {
  const started = parsed(GOLDEN.find((line) => line.includes("RunStarted")) ?? "");
  for (const ttlMs of [-1, 0.5, 2 ** 53, "1", null]) {
    strictEqual(eventFault({ ...started, ttlMs })?.kind, "malformed");
  }
});

Deno.test("asStored() holds an event that cannot be read back for a bug", () => {
  const event = { type: "RunFinished", outcome: "abandoned" } as unknown as Parameters<typeof asStored>[0];
  throws(() => asStored(event), InvariantError);
});

const OPTIONAL: Readonly<Record<string, readonly string[]>> = {
  EnvironmentClosed: ["movedTo"],
  KeyRevoked: ["suspectFrom"],
  RunStarted: ["plan", "why", "resumes"],
  SecretsRotated: ["active", "dropped"],
  CreateStarted: ["nameWasFree", "replaces", "triggers"],
  CreateSucceeded: ["precondition"],
  UpdateStarted: ["precondition", "triggers"],
  DeleteStarted: ["precondition", "underDependents"],
  Imported: ["precondition"],
  OutcomeResolved: ["found"],
  PlanApproved: ["why"],
  Protected: ["byHand"],
  Rebound: ["schemaVersion", "triggers"],
  Unprotected: ["byHand"],
};

function isOptional(line: string, key: string): boolean {
  return OPTIONAL[String(parsed(line)["type"])]?.includes(key) ?? false;
}

function refused(json: JsonObject, kind: string, message: string): void {
  throws(() => readEvent(json, "dev record 2"), (error) => {
    strictEqual(error instanceof IntegrityError && error.kind, kind);
    return error instanceof Error && error.message.includes(message);
  });
}

function parsed(line: string): JsonObject {
  return JSON.parse(line);
}
