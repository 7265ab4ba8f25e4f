import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { type Event, EVENT_TYPES } from "../engine/event.ts";
import type { CallFailure } from "../engine/call_failure.ts";
import { LogFold } from "../store/log_fold.ts";
import { type VerifiedRecord, verifyRecords } from "../store/verify_records.ts";
import {
  AuditedLog,
  createStarted,
  createSucceeded,
  deleteStarted,
  runStarted,
} from "./audited_log_arbitrary.ts";
import { describeEvent } from "./describe_event.ts";
import { trail } from "./trail.ts";

const RUN = "01".repeat(16);
const FAILURE: CallFailure = { kind: "Denied", retry: "never", certainty: "notDone", message: "not allowed" };

Deno.test("trail() tells who did what, when, by which command, and why", async () => {
  const made = await AuditedLog.open();
  await made.append(RUN, [runStarted(RUN, ["net.a"])]);
  await made.append(RUN, [createStarted("net.a", "t-1"), createSucceeded("net.a", "t-1", "net-1")]);
  const entries = [...trail(await verified(made))];
  deepStrictEqual(
    entries.map((
      { position, who, command, address, what, intent },
    ) => [position, who, command, address, what, intent]),
    [
      [
        "1",
        "ann",
        undefined,
        undefined,
        'opened the environment "dev", trusting "ann" (admin, apply, approve)',
        undefined,
      ],
      ["2", "ann", "apply", undefined, "started apply by ann@box on box", undefined],
      ["3", "ann", "apply", "net.a", "began to create a sim.Network", "Holds the servers"],
      ["3.1", "ann", "apply", "net.a", "created net-1", "Holds the servers"],
    ],
  );
  strictEqual(entries[1]?.at, "2026-01-02T03:04:01.000Z");
  strictEqual(entries[1]?.keyId, made.key.signer.keyId);
});

Deno.test("trail() marks void events, and takes nothing that they say for true", async () => {
  const made = await AuditedLog.open();
  await made.append(RUN, [createStarted("net.a", "t-1")]);
  const [, entry] = trail(await verified(made));
  strictEqual(entry?.voidBecause, "RunNotLive");
  strictEqual(entry?.intent, undefined);
});

Deno.test("describeEvent() has words for every kind of event", () => {
  const described = new Map(EVERY_EVENT.map((event) => [event.type, describeEvent(event)]));
  for (const type of EVENT_TYPES) {
    const words = described.get(type);
    ok(words !== undefined && words.length > 3 && !words.includes("undefined"), `${type}: ${words}`);
  }
});

const FOUND = { id: "net-1", fields: {}, outputs: {} };
const HERE = { address: "net.a", token: "t-1" };
const WANTED = { inputs: {}, dependencies: [], bindings: [], description: {} };
const KEY = { id: "k", name: "bob", roles: ["apply"], algorithm: "Ed25519", publicKey: "p" } as const;

const EVERY_EVENT: readonly Event[] = [
  {
    type: "EnvironmentOpened",
    project: "p",
    environment: "dev",
    nonce: "n",
    keys: [KEY],
    dataKey: "d",
    digestKey: "g",
  },
  { type: "EnvironmentClosed", movedTo: "elsewhere" },
  { type: "KeyTrusted", key: KEY },
  { type: "KeyRevoked", keyId: "k", reason: "lost", suspectFrom: 3 },
  runStarted(RUN, []),
  { type: "RunRenewed" },
  { type: "RunFinished", outcome: "partial" },
  { type: "RunBroken", run: RUN, reason: "silent" },
  { type: "CheckpointTaken", seq: 1, root: "r", object: "o" },
  { type: "SecretsRotated", active: "d2", dropped: "d1" },
  { type: "AccountBound", provider: "sim", account: "main" },
  { type: "LogRestored", lostSeq: 9, lostHash: "h", restoredSeq: 6 },
  { type: "LossSettled", acceptedSeq: 8 },
  { type: "PolicySet", approvals: 2, protected: true },
  { type: "PlanApproved", plan: "p", plannedBy: "k", seq: 3, hash: "h", who: "ann" },
  { type: "SecretRevealed", subject: "net.a", paths: ["outputs.key"] },
  createStarted("net.a", "t-1"),
  { type: "CreateAccepted", ...HERE, id: "net-1" },
  { type: "Progressed", ...HERE, step: "built", facts: { digest: "d-1" } },
  createSucceeded("net.a", "t-1", "net-1"),
  { type: "CreateFailed", ...HERE, failure: FAILURE },
  { type: "UpdateStarted", ...HERE, ...WANTED, id: "net-1", schemaVersion: 1, deadlineMs: 1 },
  { type: "UpdateSucceeded", ...HERE, ...FOUND },
  { type: "UpdateFailed", ...HERE, failure: FAILURE },
  deleteStarted("net.a", "t-1", "net-1"),
  { type: "DeleteSucceeded", ...HERE, id: "net-1" },
  { type: "DeleteFailed", ...HERE, id: "net-1", failure: FAILURE },
  { type: "OutcomeUnknown", ...HERE, failure: FAILURE },
  { type: "OutcomeResolved", ...HERE, outcome: "done", evidence: "token", found: FOUND },
  { type: "Skipped", address: "net.a", because: "net.b", reason: "it failed" },
  { type: "Observed", address: "net.a", id: "net-1", found: null },
  { type: "DriftAccepted", address: "net.a", id: "net-1", inputs: {} },
  { type: "Rebound", address: "net.a", dependencies: [], bindings: [], description: {} },
  { type: "Forgotten", address: "net.a", id: "net-1" },
  {
    type: "Imported",
    address: "net.a",
    ...FOUND,
    inputs: {},
    resourceType: "sim.Network",
    schemaVersion: 1,
    account: "1",
  },
  { type: "Moved", address: "net.a", from: "net.b" },
  { type: "Tainted", address: "net.a", reason: "asked for" },
  { type: "Untainted", address: "net.a" },
  { type: "Protected", address: "net.a" },
  { type: "Unprotected", address: "net.a" },
];

async function verified(made: AuditedLog): Promise<readonly VerifiedRecord[]> {
  const records: VerifiedRecord[] = [];
  const log = await made.backend();
  const see = (each: VerifiedRecord): void => {
    records.push(each);
  };
  await verifyRecords(new LogFold("dev"), log.read("dev", 1), { checks: made.checks, pins: [], see });
  return records;
}
