/** Attacks by somebody who can write all that smelt keeps, and has a key of their own. */
import { match, ok, strictEqual } from "node:assert/strict";
import type { LogRecord } from "../engine/record.ts";
import { sealRecord } from "../store/seal_record.ts";
import { loadRecordChecks, type RecordChecks } from "../store/record_checks.ts";
import { importEd25519, makeEd25519, type SigningKey, trustedKey } from "../trust/ed25519_key.ts";
import { addHolder, keptProject, type KeyHolder } from "./harness/key_holder.ts";
import type { TestProject } from "./harness/test_project.ts";
import { SeededRandom } from "./support/seeded_random.ts";

const NETWORK = 'resource net "main" : sim.Network {\n  cidr = "10.0.0.0/16"\n}\n';

/** The log of a project, record by record. */
async function recordsOf(project: TestProject): Promise<readonly LogRecord[]> {
  const lines = (await Deno.readTextFile(project.logPath)).trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line.split("\t")[0] ?? ""));
}

/** Writes a log of these records, each chained to the one before and signed by `signerOf` it. */
async function rewrite(
  project: TestProject,
  records: readonly LogRecord[],
  { hash }: RecordChecks,
  signerOf: (record: LogRecord) => SigningKey,
): Promise<void> {
  const lines: string[] = [];
  let head = { stream: "", hash: "" };
  for (const record of records) {
    const key = signerOf(record);
    const { v, seq, at, run, events } = record;
    const chained = { v, stream: head.stream, seq, prev: head.hash, at, run, by: key.signer.keyId, events };
    const sealed = await sealRecord(chained, hash, key.signer);
    head = { stream: seq === 1 ? sealed.hash : head.stream, hash: sealed.hash };
    lines.push(new TextDecoder().decode(sealed.bytes));
  }
  await Deno.writeTextFile(project.logPath, lines.map((line) => `${line}\n`).join(""));
}

async function thief(checks: RecordChecks): Promise<SigningKey> {
  const key = await importEd25519(checks.hash, "local", makeEd25519(new SeededRandom(666)));
  ok(key !== undefined);
  return key;
}

async function refusedEverywhere(project: TestProject, ada: KeyHolder, says: RegExp): Promise<void> {
  const commands = [["plan"], ["apply", "--yes"], ["keys", "list"], [
    "keys",
    "revoke",
    "x",
    "--reason",
    "x",
    "--yes",
  ], ["show", "net.main"]];
  for (const args of commands) match(await ada.refused(6, args), says, args.join(" "));
  match((await ada.expect(6, ["audit", "verify"])).stdout, /FAILED/);
  strictEqual((await project.ledger()).objects.length, 1);
}

Deno.test("8.14 no. 7: the whole stream signed again with another key is refused, with every record as it was", async () => {
  const { project, ada } = await keptProject(NETWORK);
  await using _project = project;
  await ada.expect(0, ["apply", "--yes"]);
  const checks = await loadRecordChecks();
  const key = await thief(checks);
  const records = (await recordsOf(project)).map((record): LogRecord => ({
    ...record,
    events: record.events.map((event) =>
      event.type === "EnvironmentOpened"
        ? { ...event, keys: [trustedKey(key, ["admin", "apply", "approve"])] }
        : event
    ),
  }));
  await rewrite(project, records, checks, () => key);
  await refusedEverywhere(project, ada, /first_record|smelt\.toml/);
  // Also for somebody who has never seen the log: smelt.toml, in version control, names record 1.
  await Deno.remove(`${project.place.stateFolder}/pins.json`);
  await refusedEverywhere(project, ada, /smelt\.toml/);
});

Deno.test("8.14 no. 7: record 1 kept and all that follows signed with another key is refused", async () => {
  const { project, ada } = await keptProject(NETWORK);
  await using _project = project;
  await ada.expect(0, ["apply", "--yes"]);
  const checks = await loadRecordChecks();
  const key = await thief(checks);
  const [first = ""] = (await Deno.readTextFile(project.logPath)).split("\n");
  const [, second] = await recordsOf(project);
  ok(second !== undefined);
  // Chained to the true record 1.
  const stream = checks.hash(new TextEncoder().encode(first.split("\t")[0] ?? ""));
  const forged = { ...second, stream, prev: stream, by: key.signer.keyId };
  const sealed = await sealRecord(forged, checks.hash, key.signer);
  await Deno.writeTextFile(project.logPath, `${first}\n${new TextDecoder().decode(sealed.bytes)}\n`);
  await Deno.remove(`${project.place.stateFolder}/pins.json`);
  match(await ada.refused(6, ["plan"]), /default record 2: the key [0-9a-f]{64} is not trusted there/);
});

Deno.test("P14 d: a revoked key that dates its record before its revocation is refused: nothing rests on what a record says of time", async () => {
  const { project, ada } = await keptProject(NETWORK);
  await using _project = project;
  const bob = await addHolder(project, ada, { name: "bob", roles: ["admin", "apply"] });
  await bob.expect(0, ["apply", "--yes"]);
  await ada.expect(0, ["keys", "revoke", "bob", "--reason", "stolen", "--yes"]);
  const checks = await loadRecordChecks();
  const stored = JSON.parse(await Deno.readTextFile(`${project.root}/.smelt/keys/bob.key`));
  const key = await importEd25519(
    checks.hash,
    "bob",
    Uint8Array.fromBase64(stored.key, { alphabet: "base64url" }),
  );
  ok(key !== undefined);
  const records = await recordsOf(project);
  const last = records.at(-1);
  ok(last !== undefined);
  const tail = (await Deno.readTextFile(project.logPath)).trimEnd().split("\n").at(-1) ?? "";
  const prev = checks.hash(new TextEncoder().encode(tail.split("\t")[0] ?? ""));
  const early: LogRecord = {
    ...last,
    seq: last.seq + 1,
    prev,
    at: "2020-01-01T00:00:00.000Z",
    by: key.signer.keyId,
    events: [{ type: "KeyTrusted", key: trustedKey(await thief(checks), ["admin"]) }],
  };
  const sealed = await sealRecord(early, checks.hash, key.signer);
  await Deno.writeTextFile(project.logPath, `${new TextDecoder().decode(sealed.bytes)}\n`, { append: true });
  match(await ada.refused(6, ["plan"]), /the key "bob" \([0-9a-f]{64}\) was revoked before/);
});
