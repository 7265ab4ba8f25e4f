/** Attacks by somebody who can write all that smelt keeps, and has a key of their own. */
import { match, ok, strictEqual } from "node:assert/strict";
import type { Event } from "../engine/event.ts";
import type { LogRecord } from "../engine/record.ts";
import { sealRecord } from "../store/seal_record.ts";
import { loadRecordChecks, type RecordChecks } from "../store/record_checks.ts";
import { importEd25519, makeEd25519, type SigningKey, trustedKey } from "../trust/ed25519_key.ts";
import { forge, recordsOf, stolenKey } from "./harness/forged_log.ts";
import { addHolder, keptProject, type KeyHolder } from "./harness/key_holder.ts";
import type { TestProject } from "./harness/test_project.ts";
import { SeededRandom } from "./support/seeded_random.ts";

const NETWORK = 'resource net "main" : sim.Network {\n  cidr = "10.0.0.0/16"\n}\n';

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

Deno.test("7: the whole stream signed again with another key is refused, with every record as it was", async () => {
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

Deno.test("7: record 1 kept and all that follows signed with another key is refused", async () => {
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

Deno.test("P14 a: a leaked key that may only apply trusts no other key and revokes none, whatever program its thief uses", async () => {
  const { project, ada } = await keptProject(NETWORK);
  await using _project = project;
  await addHolder(project, ada, { name: "ci", roles: ["apply"] });
  const log = await Deno.readTextFile(project.logPath);
  const checks = await loadRecordChecks();
  const ci = await stolenKey(project, checks, "ci");
  const events: readonly Event[] = [
    { type: "KeyTrusted", key: trustedKey(await thief(checks), ["admin"]) },
    {
      type: "KeyRevoked",
      keyId: JSON.parse((await ada.expect(0, ["keys", "export"])).stdout).id,
      reason: "mine",
    },
    { type: "PolicySet", approvals: 0, protected: false },
    { type: "PlanApproved", plan: "p", plannedBy: "k", seq: 1, hash: "h", who: "me" },
  ];
  for (const event of events) {
    await forge(project, checks, ci, { events: [event] });
    match(await ada.refused(6, ["plan"]), new RegExp(`may not sign ${event.type}: it lacks the role`));
    await Deno.writeTextFile(project.logPath, log);
  }
});

Deno.test("a run that names a plan which nobody has approved is void for every reader, with all that it says", async () => {
  const { project, ada } = await keptProject(NETWORK);
  await using _project = project;
  await addHolder(project, ada, { name: "ci", roles: ["apply"] });
  await ada.expect(0, ["apply", "--yes"]);
  await ada.expect(0, ["env", "policy", "--approvals", "1", "--yes"]);
  const checks = await loadRecordChecks();
  const ci = await stolenKey(project, checks, "ci");
  const id = (await project.ledger()).objects[0]?.id ?? "";
  const run = "ab".repeat(16);
  const address = "net.main";
  const started = {
    command: "apply",
    run,
    plan: "cd".repeat(32),
    writes: [address],
    reads: [],
    host: "h",
    who: "me",
  };
  const events: readonly Event[] = [
    { type: "RunStarted", ...started, ttlMs: 30_000 },
    { type: "DeleteStarted", address, id, token: "ef".repeat(16), deadlineMs: 1_000 },
    { type: "DeleteSucceeded", address, id, token: "ef".repeat(16) },
  ];
  await forge(project, checks, ci, { run, events });
  const { stdout } = await ada.expect(0, ["audit", "verify"]);
  for (const event of events) match(stdout, new RegExp(`${event.type}.* is void`));
  match(stdout, /RunStarted is void \(NotApproved\)/);
  match((await ada.expect(0, ["plan"])).stdout, /1 unchanged/);
});

Deno.test("a second run that names an approved plan is void, and is listed: what was approved was one run", async () => {
  const { project, ada } = await keptProject(NETWORK);
  await using _project = project;
  const honest = await addHolder(project, ada, { name: "ci", roles: ["apply"] });
  const ann = await addHolder(project, ada, { name: "ann", roles: ["approve"] });
  await ada.expect(0, ["env", "policy", "--approvals", "1", "--yes"]);
  await honest.expect(0, ["plan", "--out", "p"]);
  await ann.expect(0, ["plan", "approve", "p", "--yes"]);
  const checks = await loadRecordChecks();
  const plan = checks.hash(new TextEncoder().encode((await project.read("p")).split("\t")[0]));
  const ci = await stolenKey(project, checks, "ci");
  const started = (run: string, writes: readonly string[]): Event => ({
    type: "RunStarted",
    command: "apply",
    run,
    plan,
    writes,
    reads: [],
    host: "h",
    who: "me",
    ttlMs: 30_000,
  });
  const [first, second] = ["ab".repeat(16), "cd".repeat(16)];
  const ended: Event = { type: "RunFinished", outcome: "succeeded" };
  await forge(project, checks, ci, { run: first, events: [started(first, ["net.other"]), ended] });

  const told =
    /was started before, by the run abababab, which has used its approvals up: nothing was changed/;
  const advice =
    /^ {2}that run was started with the key "ci" \(([0-9a-f]{8})\), in record \d+, by me on h\nhint: Plan again, and have that approved\. If nobody meant that run, an admin takes the key away first: smelt keys revoke \1 default --reason TEXT$/m;
  for (
    const refused of [
      await honest.refused(9, ["apply", "--yes", "--plan-file", "p"]),
      await ann.refused(9, ["plan", "approve", "p", "--yes"]),
    ]
  ) {
    match(refused, told);
    match(refused, advice);
  }
  await forge(project, checks, ci, {
    run: second,
    events: [started(second, ["net.main"]), { type: "Protected", address: "net.main" }, ended],
  });
  const { stdout } = await ada.expect(0, ["audit", "verify"]);
  match(stdout, /RunStarted is void \(PlanUsed\)/);
  match(stdout, /RunFinished is void \(RunNotLive\)/);
});

Deno.test("P14 d: a revoked key that dates its record before its revocation is refused: nothing rests on what a record says of time", async () => {
  const { project, ada } = await keptProject(NETWORK);
  await using _project = project;
  const bob = await addHolder(project, ada, { name: "bob", roles: ["admin", "apply"] });
  await bob.expect(0, ["apply", "--yes"]);
  await ada.expect(0, ["keys", "revoke", "bob", "--reason", "stolen", "--yes"]);
  const checks = await loadRecordChecks();
  await forge(project, checks, await stolenKey(project, checks, "bob"), {
    at: "2020-01-01T00:00:00.000Z",
    events: [{ type: "KeyTrusted", key: trustedKey(await thief(checks), ["admin"]) }],
  });
  match(await ada.refused(6, ["plan"]), /the key "bob" \([0-9a-f]{64}\) was revoked before/);
});
