import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { canonicalJson } from "../engine/canonical_json.ts";
import { IntegrityError } from "../engine/integrity_error.ts";
import { err } from "../engine/result.ts";
import { encodeRecord } from "../engine/value_codec.ts";
import { record, Secret } from "../engine/value.ts";
import { checkpointDigest } from "../store/checkpoint_digest.ts";
import { loadLog } from "../store/load_log.ts";
import type { LogFold } from "../store/log_fold.ts";
import { sealRecord as sealFields } from "../trust/taint.ts";
import {
  AuditedLog,
  backendOf,
  BrokenLog,
  createStarted,
  createSucceeded,
  runStarted,
} from "./audited_log_arbitrary.ts";
import { type AuditCheckId, auditOutcome, type AuditReport } from "./audit_report.ts";
import type { AuditSubject } from "./audit_subject.ts";
import { auditVerify } from "./verify.ts";

const RUN = "01".repeat(16);
const LATER = "02".repeat(16);
const LATEST = "03".repeat(16);

Deno.test("auditVerify() finds nothing in a settled log, and makes all twelve checks", async () => {
  const made = await settled();
  const report = await auditVerify(await made.subject());
  strictEqual(report.checks.map((check) => check.id).join(" "), "V1 V2 V3 V4 V5 V6 V7 V8 V9 V10 V11 V12");
  deepStrictEqual(statuses(report), {});
  strictEqual(auditOutcome(report), "sound");
  deepStrictEqual(report.head, made.head);
  strictEqual(report.stream, made.stream);
  strictEqual(report.eventCount, 5);
});

Deno.test("auditVerify() fails for every flipped byte of every record", async () => {
  const made = await settled();
  for (const [index, { bytes }] of made.records.entries()) {
    for (let at = 0; at < bytes.length; at += 7) {
      const log = await made.backend(
        index + 1,
        (stored) => stored.map((byte, i) => i === at ? byte ^ 1 : byte),
      );
      const report = await auditVerify({ ...await made.subject(), log });
      strictEqual(auditOutcome(report), "damaged", `record ${index + 1} byte ${at}`);
    }
  }
});

Deno.test("auditVerify() names the check and the record of each kind of damage", async () => {
  const made = await settled();
  const [one, two, three, four] = made.records.map((each) => each.bytes);
  ok(one !== undefined && two !== undefined && three !== undefined && four !== undefined);
  const space = new TextEncoder().encode(new TextDecoder().decode(two).replace('{"at"', '{ "at"'));
  await finds(made, [one, three, four], "V2", 'dev record 2: found seq "3", wanted "2"');
  await finds(
    made,
    [one, space, three, four],
    "V3",
    /^Cannot read dev record 2: it is not a JSON object in canonical/,
  );
  await finds(made, [one, two, two, three], "V4", /^dev record 3: found prev ".*", wanted ".*"$/);
  await finds(made, [], "V1", "dev: there is no log, and smelt.toml names record 1 of it");
});

Deno.test("auditVerify() refuses a log that another key has signed anew", async () => {
  const mine = await settled();
  const forged = await settled();
  const subject = { ...await mine.subject(), log: await forged.backend() };
  const report = await auditVerify(subject);
  match(detail(report, "V1"), /^dev record 1: found hash ".*", smelt\.toml wants ".*"$/);
  strictEqual(auditOutcome(report), "damaged");
});

Deno.test("auditVerify() refuses a record of a key that is not trusted there, and an altered signature", async () => {
  const made = await settled();
  const thief = await AuditedLog.open();
  await made.append(LATER, [runStarted(LATER, [])], thief.key);
  const report = await auditVerify(await made.subject());
  match(detail(report, "V5"), /^Cannot trust dev record 5: the key .* is not trusted there$/);
  const other = await settled();
  const text = new TextDecoder().decode(other.records[2]?.bytes);
  const changed = text.replace('"fields":{}', '"fields":{"a":1}');
  const log = await other.backend(3, () => new TextEncoder().encode(changed));
  const altered = await auditVerify({ ...await other.subject(), log });
  match(detail(altered, "V5"), /^Cannot verify dev record 3: its signature is not one of the key "ann"/);
  match(detail(altered, "V4"), /^dev record 4: found prev /);
});

Deno.test("P15: auditVerify() refuses a log that ends before a pin, or holds another record there", async () => {
  const made = await settled();
  const subject = await made.subject();
  const short = await backendOf(made.records.slice(0, 3).map((each) => each.bytes));
  const pin = { ...made.head, source: "the pin file of this user" };
  const pins = [...subject.pins, pin];
  const cut = await auditVerify({ ...subject, pins, log: short });
  strictEqual(
    detail(cut, "V11"),
    "dev: the log ends with record 3, the pin file of this user names record 4",
  );
  const forked = await auditVerify({
    ...subject,
    pins: [...subject.pins, { ...pin, hash: "ab".repeat(32) }],
  });
  match(detail(forked, "V11"), /^dev record 4: found hash ".*", the pin file of this user wants "abab/);
  const whole = await auditVerify({ ...subject, pins });
  strictEqual(detail(whole, "V11"), "the pin file of this user covers the log up to record 4");
});

Deno.test("P15: auditVerify() says how far a rollback could not be seen", async () => {
  const made = await settled();
  const report = await auditVerify(await made.subject());
  strictEqual(
    detail(report, "V11"),
    "smelt.toml covers the log up to record 1; a rollback of the 3 records after it could not be seen",
  );
});

Deno.test("auditVerify() refuses the log of another project, and takes none without a pin for proven", async () => {
  const made = await settled();
  const subject = await made.subject();
  const other = await auditVerify({ ...subject, project: "p-2" });
  strictEqual(detail(other, "V6"), 'Found a log of the project "p-1", wanted one of "p-2"');
  strictEqual(auditOutcome(other), "damaged");
  const unpinned = await auditVerify({ ...subject, pins: [] });
  deepStrictEqual(statuses(unpinned), { V1: "warning" });
});

Deno.test("auditVerify() never takes an absent log for a clean one", async () => {
  const made = await settled();
  const report = await auditVerify({ ...await made.subject(), log: await backendOf([]), pins: [] });
  const { V1, ...others } = statuses(report);
  strictEqual(V1, "failed");
  strictEqual(Object.values(others).join(" "), Array(11).fill("unchecked").join(" "));
  strictEqual(detail(report, "V1"), 'There is no log of "dev"');
  strictEqual(auditOutcome(report), "damaged");
});

Deno.test("auditVerify() says of a damaged log up to where it holds, and which checks could not be made", async () => {
  const made = await settled();
  const subject = await made.subject();
  const log = await made.backend(3, (stored) => stored.map((byte, at) => at === 5 ? byte ^ 1 : byte));
  const flipped = await auditVerify({ ...subject, log });
  deepStrictEqual(flipped.head, { seq: 2, hash: made.records[1]?.hash });
  strictEqual(flipped.stream, made.stream);
  strictEqual(flipped.recordCount, 4);
  strictEqual(flipped.eventCount, 2);
  const rest = ["V2", "V4", "V5", "V6", "V7", "V8", "V9", "V10", "V11", "V12"];
  deepStrictEqual(statuses(flipped), {
    ...Object.fromEntries(rest.map((id) => [id, "unchecked"])),
    V3: "failed",
  });
  strictEqual(detail(flipped, "V5"), "Not beyond record 2");

  const pins = [...subject.pins, { ...made.head, source: "the pin file of this user" }];
  const short = await backendOf(made.records.slice(0, 3).map((each) => each.bytes));
  const cut = await auditVerify({ ...subject, pins, log: short });
  strictEqual(cut.head.seq, 3);
  const { V2, V3, V4, V11 } = statuses(cut);
  deepStrictEqual([V2, V3, V4, V11], [undefined, undefined, undefined, "failed"]);

  const gone = await auditVerify({ ...subject, log: await backendOf([]) });
  deepStrictEqual([gone.recordCount, gone.head.seq], [0, 0]);
  strictEqual(Object.values(statuses(gone)).filter((status) => status === "unchecked").length, 11);
});

Deno.test("auditVerify() tells what the store itself finds damaged, and rejects when the store fails", async () => {
  const subject = await (await settled()).subject();
  const damage = new IntegrityError("malformed", "dev.log", "Cannot read dev.log: bytes after record 2");
  const report = await auditVerify({ ...subject, log: new BrokenLog(damage) });
  strictEqual(detail(report, "V3"), "Cannot read dev.log: bytes after record 2");
  await rejects(() => auditVerify({ ...subject, log: new BrokenLog(new Error("disk")) }), {
    message: "disk",
  });
});

Deno.test("auditVerify() lists open intents, of live runs and of ended ones", async () => {
  const made = await settled();
  await made.append(LATER, [runStarted(LATER, ["net.b"])]);
  await made.append(LATER, [createStarted("net.b", "t-2")]);
  const live = await auditVerify(await made.subject());
  deepStrictEqual(statuses(live), { V8: "warning" });
  deepStrictEqual(live.openIntents, [
    { address: "net.b", token: "t-2", operation: "create", run: LATER, isRunLive: true },
  ]);
  await made.append(LATER, [{ type: "RunFinished", outcome: "interrupted" }]);
  const ended = await auditVerify(await made.subject());
  strictEqual(
    ended.checks.find((check) => check.id === "V8")?.findings[0],
    `net.b: what the create of the run ${LATER}, which is over, did is in doubt`,
  );
  strictEqual(auditOutcome(ended), "unsettled");
});

Deno.test("auditVerify() lists deposed objects, and those that came to light late", async () => {
  const made = await settled();
  await made.append(LATER, [runStarted(LATER, ["net.b"])]);
  await made.append(LATER, [createStarted("net.b", "t-2")]);
  const notDone = { address: "net.b", token: "t-2", outcome: "notDone", evidence: "absence" } as const;
  await made.append(LATER, [{ type: "OutcomeResolved", ...notDone }]);
  await made.append(LATER, [createSucceeded("net.b", "t-2", "net-late")]);
  await made.append(LATER, [{ type: "RunFinished", outcome: "failed" }]);
  const report = await auditVerify(await made.subject());
  deepStrictEqual(report.deposed, [{ address: "net.b", id: "net-late", reason: "late" }]);
  match(detail(report, "V8"), /^0 open intents, 1 contradiction$/);
});

Deno.test("auditVerify() lists void events by the rule that they broke", async () => {
  const made = await settled();
  await made.append(RUN, [createStarted("net.a", "t-3")]);
  await made.append(LATER, [runStarted(LATER, ["net.a"])]);
  await made.append(LATER, [createSucceeded("net.a", "t-1", "net-9")]);
  await made.append(LATER, [createStarted("net.a", "t-4")]);
  const report = await auditVerify(await made.subject());
  deepStrictEqual(statuses(report), { V7: "warning", V8: "warning", V9: "warning" });
  deepStrictEqual(report.checks.flatMap((check) => check.findings), [
    "record 5: CreateStarted is void (RunNotLive)",
    "record 7: CreateSucceeded of net.a is void (TokenNotOpen)",
    "record 8: CreateStarted of net.a is void (AlreadyLives)",
  ]);
  strictEqual(report.voids.length, 3);
});

Deno.test("auditVerify() opens every secret that the log names", async () => {
  const { made, report } = await withSecrets();
  deepStrictEqual(statuses(report), {});
  strictEqual(detail(report, "V12"), "2 secrets");
  ok(!JSON.stringify(report).includes("hunter22"));
  strictEqual(made.blobs.size, 2);
});

Deno.test("auditVerify() fails for a blob that is absent, altered or swapped", async () => {
  const { made, subject } = await withSecrets();
  const [one, two] = [...made.blobs.keys()];
  ok(one !== undefined && two !== undefined);
  const bytes = made.blobs.get(one);
  ok(bytes !== undefined);
  made.blobs.delete(one);
  await unopened(subject, `dev record 3: Cannot open the secret in blob ${one}: its stored bytes are absent`);
  made.blobs.set(one, bytes.map((byte, at) => at === 40 ? byte ^ 1 : byte));
  await unopened(subject, /altered or are another secret's$/);
  made.blobs.set(one, made.blobs.get(two) ?? bytes);
  await unopened(subject, /altered or are another secret's$/);
  made.blobs.set(one, bytes);
  deepStrictEqual(statuses(await auditVerify(subject)), {});
});

Deno.test("auditVerify() says that secrets were not looked at when their keys are not here", async () => {
  const { subject } = await withSecrets();
  const vault = (): ReturnType<AuditSubject["vault"]> =>
    Promise.resolve(
      err({ message: 'Cannot use the key file "dev.data-1.key": there is no such file', kind: "absent" }),
    );
  const report = await auditVerify({ ...subject, vault });
  deepStrictEqual(statuses(report), { V12: "warning" });
  strictEqual(detail(report, "V12"), "2 secrets not opened");
});

Deno.test("P9: auditVerify() folds the log anew at each checkpoint, and refuses one that differs", async () => {
  const made = await settled();
  await made.append(LATER, [runStarted(LATER, [])]);
  await made.append(LATER, [{ type: "CheckpointTaken", seq: 3, root: "root of 3", object: "object of 3" }]);
  await made.append(LATER, [{ type: "RunFinished", outcome: "succeeded" }]);
  const subject = {
    ...await made.subject(),
    checkpoint: ({ head }: { readonly head: { readonly seq: number } }) => ({
      root: `root of ${head.seq}`,
      object: `object of ${head.seq}`,
    }),
  };
  deepStrictEqual(statuses(await auditVerify(subject)), {});
  const forged = { ...subject, checkpoint: () => ({ root: "root of 3", object: "another" }) };
  const report = await auditVerify(forged);
  deepStrictEqual(statuses(report), { V10: "failed" });
  strictEqual(detail(report, "V10"), "The checkpoint of record 3 is not what the log folds to");
});

Deno.test("P9: a checkpoint that a key of the log signed with a wrong root or object is damage", async () => {
  const wrong = "ab".repeat(32);
  for (const change of [{ root: wrong }, { object: wrong }, { seq: 3 }, { seq: 9 }]) {
    const made = await settled();
    const digest = checkpointDigest(made.checks.hash, await foldOf(made));
    await made.append(LATER, [runStarted(LATER, [])]);
    await made.append(LATER, [{ type: "CheckpointTaken", seq: 4, ...digest }]);
    await made.append(LATER, [{ type: "RunFinished", outcome: "succeeded" }]);
    deepStrictEqual(statuses(await auditVerify(await made.subject())), {});
    await made.append(LATEST, [runStarted(LATEST, [])]);
    await made.append(LATEST, [{ type: "CheckpointTaken", seq: 4, ...digest, ...change }]);
    const report = await auditVerify(await made.subject());
    strictEqual(statuses(report)["V10"], "failed");
    match(detail(report, "V10"), /^The checkpoint of record \d is not what the log folds to$/);
    // Nobody starts from it: the fold is the same with it as without.
    const { root } = checkpointDigest(made.checks.hash, await foldOf(made));
    strictEqual(root, digest.root);
  }
});

Deno.test("P9: a store that shows other records when checkpoints are computed takes nobody in", async () => {
  const [made, other] = [await settled(), await settled()];
  const digest = checkpointDigest(other.checks.hash, await foldOf(other));
  await made.append(LATER, [runStarted(LATER, [])]);
  await made.append(LATER, [{ type: "CheckpointTaken", seq: 4, ...digest }]);
  const subject = await made.subject();
  const [shown, hidden] = [await made.backend(), await other.backend()];
  let readCount = 0;
  const read = (name: string, from: number) => (readCount++ === 0 ? shown : hidden).read(name, from);
  const log = Object.assign(Object.create(shown), { read });
  const report = await auditVerify({ ...subject, log });
  strictEqual(auditOutcome(report), "damaged");
  strictEqual(statuses(report)["V10"], "unchecked");
});

async function foldOf(made: AuditedLog): Promise<LogFold> {
  return await loadLog(await made.backend(), "dev", { checks: made.checks, pins: [], see: () => {} });
}

/** Four records: opened; a run; a network made by it; its end. */
async function settled(): Promise<AuditedLog> {
  const made = await AuditedLog.open();
  await made.append(RUN, [runStarted(RUN, ["net.a"])]);
  await made.append(RUN, [createStarted("net.a", "t-1"), createSucceeded("net.a", "t-1", "net-1")]);
  await made.append(RUN, [{ type: "RunFinished", outcome: "succeeded" }]);
  return made;
}

async function withSecrets(): Promise<
  { readonly made: AuditedLog; readonly subject: AuditSubject; readonly report: AuditReport }
> {
  const made = await AuditedLog.open();
  const clear = record([["password", new Secret("hunter22")], ["pins", [new Secret(123456)]]]);
  const inputs = encodeRecord(await sealFields(await made.vault(), clear));
  ok(!canonicalJson(inputs).includes("hunter22"));
  await made.append(RUN, [runStarted(RUN, ["net.a"])]);
  await made.append(RUN, [createStarted("net.a", "t-1", inputs)]);
  await made.append(RUN, [createSucceeded("net.a", "t-1", "net-1"), {
    type: "RunFinished",
    outcome: "succeeded",
  }]);
  const subject = await made.subject();
  return { made, subject, report: await auditVerify(subject) };
}

async function finds(
  made: AuditedLog,
  all: readonly Uint8Array[],
  id: AuditCheckId,
  wanted: string | RegExp,
): Promise<void> {
  const report = await auditVerify({ ...await made.subject(), log: await backendOf(all) });
  const check = report.checks.find((each) => each.id === id);
  strictEqual(check?.status, "failed");
  if (typeof wanted === "string") strictEqual(check.detail, wanted);
  else match(check.detail, wanted);
}

async function unopened(subject: AuditSubject, wanted: string | RegExp): Promise<void> {
  const report = await auditVerify(subject);
  deepStrictEqual(statuses(report), { V12: "failed" });
  strictEqual(auditOutcome(report), "damaged");
  const [finding] = report.checks.find((check) => check.id === "V12")?.findings ?? [];
  if (typeof wanted === "string") strictEqual(finding, wanted);
  else match(finding ?? "", wanted);
}

/** The checks that are not `ok`. */
function statuses(report: AuditReport): Record<string, string> {
  return Object.fromEntries(
    report.checks.filter((check) => check.status !== "ok").map((check) => [check.id, check.status]),
  );
}

function detail(report: AuditReport, id: AuditCheckId): string {
  return report.checks.find((check) => check.id === id)?.detail ?? "";
}
