import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { KeyRole } from "../engine/environment_event.ts";
import { checkpointDigest } from "../store/checkpoint_digest.ts";
import { loadLog } from "../store/load_log.ts";
import { recordRoot } from "../store/record_tree.ts";
import { checkpointOrigin, type CheckpointStatement, statementText } from "../store/signed_checkpoint.ts";
import { newSigningKey, newWitness, publicNoteKey } from "../tests/support/witness.ts";
import { type SigningKey, trustedKey } from "../trust/ed25519_key.ts";
import { formatNote } from "../trust/signed_note.ts";
import { loadSha256 } from "../trust/sha256.ts";
import {
  AuditedLog,
  backendOf,
  createStarted,
  createSucceeded,
  runStarted,
} from "./audited_log_arbitrary.ts";
import type { AuditReport } from "./audit_report.ts";
import type { Witnesses } from "./open_checkpoint.ts";
import { auditVerify } from "./verify.ts";

const RUN = "1".repeat(32);
const SHA256 = await loadSha256();
const NOBODY: Witnesses = { keys: [], required: 0 };

Deno.test("auditVerify() holds a log against a checkpoint that was signed when it was shorter", async () => {
  const made = await grown();
  const text = await signed(await statementOf(made), made.key);
  await made.append(RUN, [createStarted("net.b", "t-2"), createSucceeded("net.b", "t-2", "net-2")]);
  const report = await held(made, text);
  deepStrictEqual(failing(report), []);
  strictEqual(told(report), '"kept" is of record 3');
});

Deno.test("P15: a log that is shorter than a checkpoint is refused", async () => {
  const made = await grown();
  const text = await signed(await statementOf(made), made.key);
  made.records.pop();
  const report = await held(made, text);
  deepStrictEqual(failing(report), ["V13"]);
  match(told(report), /^The log ends with record 2, and "kept" is of record 3: it was set back/);
});

Deno.test("P15: a log that was forked before a checkpoint is refused, even when it is longer", async () => {
  const made = await grown();
  const text = await signed(await statementOf(made), made.key);
  made.records.pop();
  await made.append(RUN, [createStarted("net.c", "t-3")]);
  await made.append(RUN, [createSucceeded("net.c", "t-3", "net-3")]);
  const report = await held(made, text);
  deepStrictEqual(failing(report), ["V13"]);
  match(
    told(report),
    /^Record 3 of the log is [0-9a-f]{64}, and "kept" names [0-9a-f]{64}: the log was forked/,
  );
});

Deno.test("a checkpoint of another project, environment or log is refused", async () => {
  const made = await grown();
  const statement = await statementOf(made);
  const other = { project: "p-2", environment: "prod", stream: "ab".repeat(32) };
  const cases: readonly (readonly [Partial<CheckpointStatement>, RegExp])[] = [
    [{ project: other.project }, /^"kept" is of the project "p-2", not of "p-1"$/],
    [{ environment: other.environment }, /^"kept" is of the environment "prod", not of "dev"$/],
    [{ stream: other.stream }, /^"kept" is of another log of "dev", which begins with the record abab/],
  ];
  for (const [change, says] of cases) {
    match(told(await held(made, await signed({ ...statement, ...change }, made.key))), says);
  }
});

Deno.test("P9: a checkpoint that a stranger signed says nothing", async () => {
  const made = await grown();
  const text = await signed(await statementOf(made), await newSigningKey("eve"));
  match(told(await held(made, text)), /^No key of the log signed the checkpoint in "kept"$/);
});

Deno.test("P9: a signature that claims to be one of the log's, and is not, refuses the whole checkpoint", async () => {
  const made = await grown();
  const statement = await statementOf(made);
  const text = await signed(statement, made.key);
  const record = statement.head.hash;
  const altered = text.replace(record, record.replace(/^./, (digit) => digit === "0" ? "1" : "0"));
  match(told(await held(made, altered)), /^The signature of the key "ann" in "kept" is not one of its text$/);
  match(told(await held(made, text.trimEnd())), /^"kept" is not a signed checkpoint of smelt$/);
});

Deno.test("P9: a checkpoint whose roots are not the fold is refused though a key of the log signed it", async () => {
  const made = await grown();
  const statement = await statementOf(made);
  for (const name of ["root", "object", "recordRoot"] as const) {
    const text = await signed({ ...statement, [name]: "cd".repeat(32) }, made.key);
    match(told(await held(made, text)), /^The roots in "kept" are not those of the log up to record 3$/);
  }
});

Deno.test("a checkpoint by a key that only approves is none, and one by a key that was revoked since stands", async () => {
  const made = await grown();
  const [bob, carl] = [await newSigningKey("bob"), await newSigningKey("carl")];
  await made.append(RUN, [trusting(bob, ["approve"]), trusting(carl, ["apply"])]);
  const statement = await statementOf(made);
  match(told(await held(made, await signed(statement, bob))), /^No key of the log signed/);
  const text = await signed(statement, carl);
  await made.append(RUN, [{ type: "KeyRevoked", keyId: carl.signer.keyId, reason: "left" }]);
  deepStrictEqual(failing(await held(made, text)), []);
});

Deno.test("a checkpoint must bear the cosignatures that are asked for, of those witnesses and of its text", async () => {
  const made = await grown();
  const statement = await statementOf(made);
  const [one, other] = [await newWitness("w.example/1"), await newWitness("w.example/2")];
  const keys = [one.verifierKey, other.verifierKey];
  const both = { keys, required: 2 };
  const either = { keys, required: 1 };
  const bare = await signed(statement, made.key);
  match(
    told(await held(made, bare, either)),
    /^"kept" bears 0 of the 1 cosignatures that smelt.toml asks for: none of "w.example\/1", "w.example\/2"$/,
  );
  const once = await one.cosign(bare);
  strictEqual(told(await held(made, once, either)), '"kept" is of record 3, cosigned by 1 witness');
  match(told(await held(made, once, both)), /^"kept" bears 1 of the 2 .*: none of "w.example\/2"$/);
  deepStrictEqual(failing(await held(made, await other.cosign(once), both)), []);
  const another = await one.cosign(await signed({ ...statement, root: "ef".repeat(32) }, made.key));
  const line = another.trimEnd().split("\n").at(-1);
  match(
    told(await held(made, `${bare}${line}\n`, either)),
    /^The cosignature of "w.example\/1" in "kept" is not one of its text$/,
  );
  const impostor = await newWitness("w.example/1");
  match(told(await held(made, await impostor.cosign(bare), either)), /^"kept" bears 0 of the 1/);
});

/** Three records: opened; a run; a network made by it. */
async function grown(): Promise<AuditedLog> {
  const made = await AuditedLog.open();
  await made.append(RUN, [runStarted(RUN, ["net.a", "net.b", "net.c"])]);
  await made.append(RUN, [createStarted("net.a", "t-1"), createSucceeded("net.a", "t-1", "net-1")]);
  return made;
}

async function statementOf(made: AuditedLog): Promise<CheckpointStatement> {
  const { checks, head, stream } = made;
  const fold = await loadLog(await made.backend(), "dev", { checks, pins: [], see: () => {} });
  const recordRootOf = recordRoot(SHA256, made.records.map(({ hash }) => hash));
  const digest = checkpointDigest(checks.hash, fold);
  return { project: "p-1", environment: "dev", stream, head, recordRoot: recordRootOf, ...digest };
}

async function signed(statement: CheckpointStatement, key: SigningKey): Promise<string> {
  const text = statementText(statement);
  const signature = await key.signer.sign(new TextEncoder().encode(text));
  const { id, name } = await publicNoteKey("note", checkpointOrigin(statement), key);
  return formatNote({ text, signatures: [{ name, keyId: id, signature }] });
}

async function held(made: AuditedLog, text: string, witnesses = NOBODY): Promise<AuditReport> {
  const log = await backendOf(made.records.map(({ bytes }) => bytes));
  return await auditVerify({
    ...await made.subject(),
    log,
    held: { file: { source: "kept", text }, witnesses },
  });
}

function failing(report: AuditReport): readonly string[] {
  return report.checks.filter(({ status }) => status !== "ok").map(({ id }) => id);
}

function told(report: AuditReport): string {
  return report.checks.find(({ id }) => id === "V13")?.detail ?? "";
}

function trusting(key: SigningKey, roles: readonly KeyRole[]) {
  return { type: "KeyTrusted", key: trustedKey(key, roles) } as const;
}
