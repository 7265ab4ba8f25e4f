import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { Event } from "../engine/event.ts";
import { type LogRecord, RECORD_VERSION, recordText } from "../engine/record.ts";
import { err } from "../engine/result.ts";
import { encodeRecord } from "../engine/value_codec.ts";
import { record, Secret } from "../engine/value.ts";
import { storedBytes } from "../store/record_codec.ts";
import { sealRecord } from "../store/seal_record.ts";
import { importEd25519, makeEd25519, type SigningKey, trustedKey } from "../trust/ed25519_key.ts";
import { signedStatement } from "../trust/statement.ts";
import { sealRecord as sealFields } from "../trust/taint.ts";
import {
  AuditedLog,
  backendOf,
  createStarted,
  createSucceeded,
  runStarted,
} from "./audited_log_arbitrary.ts";
import { AUDIT_CHECK_TITLES, type AuditCheckId, type AuditReport } from "./audit_report.ts";
import type { AuditSubject } from "./audit_subject.ts";
import { auditVerify } from "./verify.ts";

/**
 * The required checks of an audit, V1 to V12, P21 applied: each is made to fail alone, by damage of its own kind and no other.
 * What stands after the damage is honest, and rightly signed on top of it.
 */

const RUN = "01".repeat(16);
const LATER = "02".repeat(16);
const FINISHED: Event = { type: "RunFinished", outcome: "succeeded" };

/** Four records: opened; a run; a network made by it; its end. Nothing is wrong with it. */
async function settled(): Promise<AuditedLog> {
  const made = await AuditedLog.open();
  await made.append(RUN, [runStarted(RUN, ["net.a"])]);
  await made.append(RUN, [createStarted("net.a", "t-1"), createSucceeded("net.a", "t-1", "net-1")]);
  await made.append(RUN, [FINISHED]);
  return made;
}

/** Appends a record that is rightly signed and otherwise as `change` says. */
async function plant(
  made: AuditedLog,
  change: Partial<LogRecord>,
  key: SigningKey = made.key,
): Promise<void> {
  made.records.push(await sealRecord({ ...nextRecord(made, key), ...change }, made.checks.hash, key.signer));
}

function nextRecord(made: AuditedLog, { signer }: SigningKey): LogRecord {
  const { seq, hash: prev } = made.head;
  const frame = { v: RECORD_VERSION, stream: made.stream, seq: seq + 1, prev } as const;
  const events = [runStarted(LATER, [])];
  return { ...frame, at: "2026-01-02T03:05:00.000Z", run: LATER, by: signer.keyId, events };
}

async function strangerKey(made: AuditedLog, name: string): Promise<SigningKey> {
  const random = { bytes: (count: number) => crypto.getRandomValues(new Uint8Array(count)) };
  const key = await importEd25519(made.checks.hash, name, makeEd25519(random));
  ok(key !== undefined);
  return key;
}

async function endsHonestly(made: AuditedLog): Promise<void> {
  await made.append(LATER, [FINISHED]);
}

/** The report of `made`, in which no check but `id` fails or warns. Gives the detail of that one. */
async function onlyFails(
  id: AuditCheckId,
  made: AuditedLog,
  change: Partial<AuditSubject> = {},
  status: "failed" | "warning" = "failed",
): Promise<string> {
  const report = await auditVerify({ ...await made.subject(), ...change });
  const wrong = report.checks.filter((check) => check.status === "failed" || check.status === "warning");
  deepStrictEqual(
    wrong.map((check) => `${check.id} ${check.status}`),
    [`${id} ${status}`],
    described(report),
  );
  return wrong[0]?.detail ?? "";
}

function described(report: AuditReport): string {
  return report.checks.map(({ id, status, findings }) => `${id} ${status} ${findings.join("; ")}`).join("\n");
}

Deno.test("V1 to V12: each is made of a log with which nothing is wrong, and passes", async () => {
  const report = await auditVerify(await (await settled()).subject());
  deepStrictEqual(
    report.checks.map(({ id, title, status }) => ({ id, title, status })),
    Object.entries(AUDIT_CHECK_TITLES).filter(([id]) => id !== "V13")
      .map(([id, title]) => ({ id, title, status: "ok" })),
  );
});

Deno.test("V1 fails alone for a whole log, rightly made, that is not the pinned one", async () => {
  const [mine, other] = [await settled(), await settled()];
  const { pins } = await mine.subject();
  match(await onlyFails("V1", other, { pins }), /^dev record 1: found hash ".*", smelt\.toml wants ".*"$/);
});

Deno.test("V2 fails alone for a record that leaves out a number", async () => {
  const made = await settled();
  await plant(made, { seq: 6 });
  strictEqual(await onlyFails("V2", made), 'dev record 5: found seq "6", wanted "5"');
});

Deno.test("V3 fails alone for a record that is signed as it stands, and is not in canonical form", async () => {
  for (
    const loosen of [
      (text: string) => text.replace('{"at"', '{ "at"'),
      (text: string) => text.replace("{", '{"zz":1,'),
      (text: string) => text.replace('"host":"box"', '"host":"\\u0062ox"'),
      (text: string) => text.replace('"ttlMs":30000', '"ttlMs":3e4'),
      (text: string) => text.replace('"v":1', '"v":1,"w":1'),
      (text: string) => text.replace('"command":"apply"', '"command":"apply","commend":"x"'),
    ]
  ) {
    const made = await settled();
    const honest = nextRecord(made, made.key);
    const canonicalBytes = new TextEncoder().encode(loosen(recordText(honest)));
    const hash = made.checks.hash(canonicalBytes);
    const signature = await made.key.signer.sign(signedStatement(made.stream, honest.seq, hash));
    made.records.push({ record: honest, hash, bytes: storedBytes(canonicalBytes, signature) });
    await endsHonestly(made);
    match(await onlyFails("V3", made), /^Cannot read dev record 5: /);
  }
});

Deno.test("V4 fails alone for a record that names another one as the one before", async () => {
  const made = await settled();
  await plant(made, { prev: made.records[1]?.hash ?? "" });
  await endsHonestly(made);
  match(await onlyFails("V4", made), /^dev record 5: found prev ".*", wanted ".*"$/);
});

Deno.test("V5 fails alone for a bad signature, and for a key that is unknown, revoked or lacks the role there", async () => {
  const altered = await settled();
  const last = altered.records.at(-1);
  ok(last !== undefined);
  last.bytes[last.bytes.length - 9] = (last.bytes.at(-9) ?? 0) === 0x41 ? 0x42 : 0x41;
  match(await onlyFails("V5", altered), /record 4: its signature is not one of the key "ann"/);

  const unknown = await settled();
  await plant(unknown, {}, await strangerKey(unknown, "eve"));
  await endsHonestly(unknown);
  match(await onlyFails("V5", unknown), /record 5: the key [0-9a-f]{64} is not trusted there$/);

  const revoked = await settled();
  const bob = await strangerKey(revoked, "bob");
  await revoked.append(LATER, [
    runStarted(LATER, []),
    { type: "KeyTrusted", key: trustedKey(bob, ["apply"]) },
    { type: "KeyRevoked", keyId: bob.signer.keyId, reason: "lost" },
  ]);
  await plant(revoked, { run: "03".repeat(16), events: [runStarted("03".repeat(16), [])] }, bob);
  match(await onlyFails("V5", revoked), /record 6: the key "bob" \([0-9a-f]{64}\) was revoked before$/);

  const limited = await settled();
  const cat = await strangerKey(limited, "cat");
  await limited.append(LATER, [runStarted(LATER, []), {
    type: "KeyTrusted",
    key: trustedKey(cat, ["apply"]),
  }]);
  await plant(limited, { events: [{ type: "KeyTrusted", key: trustedKey(cat, ["admin"]) }] }, cat);
  match(await onlyFails("V5", limited), /record 6: .* may not sign KeyTrusted: it lacks the role "admin"$/);
});

Deno.test("V6 fails alone for a record of another log, and for a log of another project or environment", async () => {
  const made = await settled();
  await plant(made, { stream: "ab".repeat(32) });
  await endsHonestly(made);
  match(await onlyFails("V6", made), /^dev record 5: found stream "abab.*", wanted ".*"$/);

  strictEqual(
    await onlyFails("V6", await settled(), { project: "p-2" }),
    'Found a log of the project "p-1", wanted one of "p-2"',
  );

  const other = await settled();
  const log = await backendOf(other.records.map((each) => each.bytes), "prod");
  match(
    await onlyFails("V6", other, { environment: "prod", log }),
    /^Cannot trust prod record 1: it opens the environment "dev"$/,
  );
});

Deno.test("V7 warns alone of what a run wrote after its end or had not claimed, which is void, and not of its outcomes", async () => {
  const made = await settled();
  await made.append(RUN, [createStarted("net.a", "t-9")]);
  await made.append(LATER, [runStarted(LATER, [])]);
  await made.append(LATER, [createStarted("net.b", "t-10")]);
  await endsHonestly(made);
  strictEqual(await onlyFails("V7", made, {}, "warning"), "2 void events, which the fold skips");

  const late = await AuditedLog.open();
  await late.append(RUN, [runStarted(RUN, ["net.a"])]);
  await late.append(RUN, [createStarted("net.a", "t-1")]);
  await late.append(RUN, [{ type: "RunFinished", outcome: "interrupted" }]);
  await late.append(RUN, [createSucceeded("net.a", "t-1", "net-1")]);
  const report = await auditVerify(await late.subject());
  ok(report.checks.every(({ status }) => status === "ok"), described(report));
});

Deno.test("V8 warns alone of a second outcome of a token, of an open intent, and of what contradicts a resolution, by its id", async () => {
  const twice = await settled();
  await twice.append(LATER, [runStarted(LATER, ["net.a"])]);
  await twice.append(LATER, [createSucceeded("net.a", "t-1", "net-9")]);
  await endsHonestly(twice);
  strictEqual(await onlyFails("V8", twice, {}, "warning"), "0 open intents, 1 contradiction");

  const open = await settled();
  await open.append(LATER, [runStarted(LATER, ["net.b"])]);
  await open.append(LATER, [createStarted("net.b", "t-2")]);
  await endsHonestly(open);
  strictEqual(await onlyFails("V8", open, {}, "warning"), "1 open intent, 0 contradictions");

  await open.append("03".repeat(16), [runStarted("03".repeat(16), ["net.b"])]);
  await open.append("03".repeat(16), [
    { type: "OutcomeResolved", address: "net.b", token: "t-2", outcome: "notDone", evidence: "absence" },
    FINISHED,
  ]);
  await open.append(LATER, [createSucceeded("net.b", "t-2", "net-late")]);
  strictEqual(await onlyFails("V8", open, {}, "warning"), "0 open intents, 1 contradiction");
  const { checks, deposed } = await auditVerify(await open.subject());
  deepStrictEqual(deposed, [{ address: "net.b", id: "net-late", reason: "late" }]);
  match(checks.find(({ id }) => id === "V8")?.findings[0] ?? "", /^net\.b: net-late came to light after/);
});

Deno.test("V9 warns alone of an event that does not follow from the state before it, which is void", async () => {
  const made = await settled();
  await made.append(LATER, [runStarted(LATER, ["net.a", "net.b"])]);
  await made.append(LATER, [createStarted("net.a", "t-4")]);
  await made.append(LATER, [
    { type: "DeleteStarted", address: "net.b", token: "t-5", id: "net-7", deadlineMs: 1 },
  ]);
  await endsHonestly(made);
  strictEqual(await onlyFails("V9", made, {}, "warning"), "2 void events, which the fold skips");
});

Deno.test("V10 fails alone for a checkpoint that is not what the log folds to, by root, by object or by number", async () => {
  const told = ({ head }: { readonly head: { readonly seq: number } }) => ({
    root: `root ${head.seq}`,
    object: `object ${head.seq}`,
  });
  const cases: readonly (readonly [seq: number, root: string, object: string, isRight: boolean])[] = [
    [4, "root 4", "object 4", true],
    [4, "root 3", "object 4", false],
    [4, "root 4", "object 3", false],
    [3, "root 4", "object 4", false],
    [99, "root 99", "object 99", false],
  ];
  for (const [seq, root, object, isRight] of cases) {
    const made = await settled();
    await made.append(LATER, [runStarted(LATER, []), { type: "CheckpointTaken", seq, root, object }]);
    await endsHonestly(made);
    const subject = { ...await made.subject(), checkpoint: told };
    if (isRight) ok((await auditVerify(subject)).checks.every(({ status }) => status === "ok"));
    else {
      strictEqual(
        await onlyFails("V10", made, { checkpoint: told }),
        `The checkpoint of record ${seq} is not what the log folds to`,
      );
    }
  }
});

Deno.test("V11 fails alone for a log that ends before a record that was seen, is gone, or holds another one there", async () => {
  const made = await settled();
  const seen = { ...made.head, source: "pins.json" };
  const pins = [...(await made.subject()).pins, seen];
  const cut = await backendOf(made.records.slice(0, 3).map((each) => each.bytes));
  strictEqual(
    await onlyFails("V11", made, { pins, log: cut }),
    "dev: the log ends with record 3, pins.json names record 4",
  );
  strictEqual(
    await onlyFails("V11", made, { pins: [seen], log: await backendOf([]) }),
    "dev: there is no log, and pins.json names record 4 of it",
  );
  made.records.length = 3;
  await plant(made, { run: RUN, events: [{ type: "RunFinished", outcome: "failed" }] });
  match(await onlyFails("V11", made, { pins }), /^dev record 4: found hash ".*", pins\.json wants ".*"$/);
});

Deno.test("V12 fails alone for a secret whose stored bytes are altered, absent, cut, another's or those of another log", async () => {
  const other = await withSecrets();
  const damages:
    readonly ((blobs: Map<string, Uint8Array<ArrayBuffer>>, one: string, two: string) => void)[] = [
      (blobs, one) =>
        blobs.set(one, (blobs.get(one) ?? new Uint8Array()).map((byte, at) => at === 40 ? byte ^ 1 : byte)),
      (blobs, one) => void blobs.delete(one),
      (blobs, one) => blobs.set(one, (blobs.get(one) ?? new Uint8Array()).slice(0, 30)),
      (blobs, one) => blobs.set(one, new Uint8Array()),
      (blobs, one, two) => blobs.set(one, blobs.get(two) ?? new Uint8Array()),
      (blobs, one) => blobs.set(one, [...other.blobs.values()][0] ?? new Uint8Array()),
    ];
  for (const damage of damages) {
    const made = await withSecrets();
    const [one = "", two = ""] = [...made.blobs.keys()];
    ok((await auditVerify(await made.subject())).checks.every(({ status }) => status === "ok"));
    damage(made.blobs, one, two);
    strictEqual(await onlyFails("V12", made), "1 of 2 secrets cannot be opened");
  }
});

Deno.test("V12 looks at the secrets of every kind of event that holds values", async () => {
  const made = await AuditedLog.open();
  const sealed = async (text: string) =>
    encodeRecord(await sealFields(await made.vault(), record([["password", new Secret(text)]])));
  const facts = async (name: string) => ({
    id: "net-1",
    fields: await sealed(`${name} field`),
    outputs: await sealed(`${name} output`),
  });
  const about = { address: "net.a", id: "net-1" };
  const { dependencies, bindings, description, deadlineMs, schemaVersion } = createStarted("net.a", "");
  const intent = { dependencies, bindings, description, deadlineMs, schemaVersion };
  await made.append(RUN, [runStarted(RUN, ["net.a", "net.b", "net.c"])]);
  await made.append(RUN, [
    createStarted("net.a", "t-1", await sealed("created")),
    { ...about, ...await facts("created"), type: "CreateSucceeded", token: "t-1" },
    { ...about, ...intent, type: "UpdateStarted", token: "t-2", inputs: await sealed("updated") },
    { ...about, ...await facts("updated"), type: "UpdateSucceeded", token: "t-2" },
    { ...about, type: "Observed", found: await facts("observed") },
    { ...about, type: "DriftAccepted", inputs: await sealed("accepted") },
    {
      ...await facts("imported"),
      ...{ type: "Imported", address: "net.b", id: "net-2", resourceType: "sim.Network" },
      ...{ schemaVersion: 1, account: "main", inputs: await sealed("imported") },
    },
    createStarted("net.c", "t-3"),
    {
      ...{ type: "OutcomeResolved", address: "net.c", token: "t-3", outcome: "done", evidence: "id" },
      found: { ...await facts("resolved"), id: "net-3" },
    },
    FINISHED,
  ]);
  const { checks, voids } = await auditVerify(await made.subject());
  deepStrictEqual(voids, []);
  deepStrictEqual(checks.find(({ id }) => id === "V12"), {
    ...{ id: "V12", title: AUDIT_CHECK_TITLES.V12, status: "ok" },
    ...{ detail: `${made.blobs.size} secrets`, findings: [] },
  });
});

Deno.test("V12 fails alone for a digest that is not that of the secret, and for a key that was altered", async () => {
  const made = await withSecrets();
  const started = made.records[2]?.record.events[0];
  ok(started?.type === "CreateStarted");
  const inputs = JSON.parse(
    JSON.stringify(started.inputs).replace(/"digest":"[0-9a-f]{4}/, '"digest":"0000'),
  );
  await made.append(LATER, [runStarted(LATER, ["net.b"])]);
  await made.append(LATER, [
    createStarted("net.b", "t-2", inputs),
    createSucceeded("net.b", "t-2", "net-2"),
    FINISHED,
  ]);
  strictEqual(await onlyFails("V12", made), "1 of 3 secrets cannot be opened");

  const message = 'Cannot use the key file "dev.data-1.key": it is not a whole key file';
  const vault = (): ReturnType<AuditSubject["vault"]> => Promise.resolve(err({ message, kind: "damaged" }));
  strictEqual(await onlyFails("V12", await withSecrets(), { vault }), "2 secrets not opened");
});

async function withSecrets(): Promise<AuditedLog> {
  const made = await AuditedLog.open();
  const clear = record([["password", new Secret("hunter22")], ["pin", new Secret("1234567")]]);
  const inputs = encodeRecord(await sealFields(await made.vault(), clear));
  await made.append(RUN, [runStarted(RUN, ["net.a"])]);
  await made.append(RUN, [createStarted("net.a", "t-1", inputs), createSucceeded("net.a", "t-1", "net-1")]);
  await made.append(RUN, [FINISHED]);
  return made;
}
