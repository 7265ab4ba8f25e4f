import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { createHash } from "node:crypto";
import { canonicalJson } from "../engine/canonical_json.ts";
import type { Event } from "../engine/event.ts";
import { isJsonObject, type Json, type JsonObject } from "../engine/json.ts";
import { LogFold } from "../store/log_fold.ts";
import { type VerifiedRecord, verifyRecords } from "../store/verify_records.ts";
import { importEd25519, makeEd25519, type SigningKey, trustedKey } from "../trust/ed25519_key.ts";
import { preAuthEncoding, writeEnvelope } from "../trust/dsse.ts";
import { attestRun, PAYLOAD_TYPE } from "./attestation.ts";
import { AuditedLog, createStarted, createSucceeded, runStarted } from "./audited_log_arbitrary.ts";
import { digestWith } from "./digest_set.ts";
import { stateJson } from "./state_json.ts";
import { stateAfter, type VerifiedLog } from "./verified_log.ts";
import { verifyAttestation } from "./verify_attestation.ts";

const RUN = "01".repeat(16);
const OTHER = "02".repeat(16);
const FINISHED: Event = { type: "RunFinished", outcome: "succeeded" };

async function verified(made: AuditedLog): Promise<VerifiedLog> {
  const records: VerifiedRecord[] = [];
  const see = (each: VerifiedRecord) => void records.push(each);
  const log = await made.backend();
  await verifyRecords(new LogFold("dev"), log.read("dev", 1), { checks: made.checks, pins: [], see });
  return { records, head: made.head, stream: made.stream };
}

/** Records 2 to 4 are of a run that makes `net.a`; record 5 begins another. */
async function logWithRun(): Promise<AuditedLog> {
  const made = await AuditedLog.open();
  const about = { plan: "ab".repeat(32), resumes: OTHER, why: "x".repeat(1000) };
  await made.append(RUN, [{ ...runStarted(RUN, ["net.a"]), reads: ["net.z"], ...about }]);
  await made.append(RUN, [createStarted("net.a", "t-1"), createSucceeded("net.a", "t-1", "net-1")]);
  await made.append(RUN, [FINISHED]);
  await made.append(OTHER, [runStarted(OTHER, ["net.b"])]);
  return made;
}

function digests(text: string, made: AuditedLog): JsonObject {
  const bytes = new TextEncoder().encode(text);
  return { sha256: createHash("sha256").update(bytes).digest("hex"), blake3: made.checks.hash(bytes) };
}

/** The stored bytes of a record before its TAB. */
function recordLine(made: AuditedLog, seq: number): string {
  return new TextDecoder().decode(made.records[seq - 1]?.bytes).split("\t")[0] ?? "";
}

Deno.test("attestRun() is a Statement v1 with provenance v1, and says what the log says of the run and no more", async () => {
  const made = await logWithRun();
  const log = await verified(made);
  const statement = await attestRun(log, RUN, digestWith(made.checks.hash));
  const { stream } = made;
  const head = { seq: 4, hash: log.records[3]?.hash ?? "" };
  const state = stateJson({ environment: "dev", stream, head, state: stateAfter(log, 4) });
  deepStrictEqual(statement, {
    _type: "https://in-toto.io/Statement/v1",
    subject: [
      { name: "p-1/dev/state@4", digest: digests(canonicalJson(state), made) },
      { name: "p-1/dev/record@4", digest: digests(recordLine(made, 4), made) },
    ],
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: {
        buildType: "urn:smelt:run:v1",
        externalParameters: {
          project: "p-1",
          environment: "dev",
          command: "apply",
          target: { writes: 1, reads: 1 },
          resumes: OTHER,
        },
        internalParameters: {
          host: "box",
          who: "ann@box",
          recordVersion: 1,
          schemaVersions: { "sim.Network": 1 },
        },
        resolvedDependencies: [
          {
            name: "record-before",
            uri: `urn:smelt:log:${stream}:record:1`,
            digest: digests(recordLine(made, 1), made),
          },
          { name: "plan", digest: { blake3: "ab".repeat(32) } },
          { name: "claims", digest: digests('{"reads":["net.z"],"writes":["net.a"]}', made) },
        ],
      },
      runDetails: {
        builder: { id: `urn:smelt:key:${made.key.signer.keyId}`, version: { record: "1" } },
        metadata: {
          invocationId: RUN,
          startedOn: "2026-01-02T03:04:01.000Z",
          finishedOn: "2026-01-02T03:04:03.000Z",
        },
        byproducts: [{
          name: "records",
          uri: `urn:smelt:log:${stream}:record:2-4`,
          annotations: { first: 2, last: 4, events: 4, outcome: "succeeded" },
        }],
      },
    },
  });
});

Deno.test("attestRun() says nothing of a run that has not ended, nor of one that the log does not know", async () => {
  const made = await logWithRun();
  const log = await verified(made);
  const digest = digestWith(made.checks.hash);
  strictEqual(await attestRun(log, OTHER, digest), undefined);
  strictEqual(await attestRun(log, "03".repeat(16), digest), undefined);
});

Deno.test("attestRun() tells of a run that another broke, and what comes after does not change it", async () => {
  const made = await logWithRun();
  const third = "03".repeat(16);
  await made.append(third, [{ type: "RunBroken", run: OTHER, reason: "silent" }]);
  const digest = digestWith(made.checks.hash);
  const told = await attestRun(await verified(made), OTHER, digest);
  match(JSON.stringify(told), /"annotations":\{"first":5,"last":6,"events":1,"outcome":"broken"\}/);
  await made.append(third, [runStarted(third, ["net.b"])]);
  deepStrictEqual(await attestRun(await verified(made), OTHER, digest), told);
});

Deno.test("attestRun() passes over void events", async () => {
  const made = await logWithRun();
  await made.append(RUN, [createStarted("net.a", "t-9")]);
  const late = await verified(made);
  strictEqual(late.records[5]?.voids.length, 1);
  match(JSON.stringify(await attestRun(late, RUN, digestWith(made.checks.hash))), /"events":4/);
});

Deno.test("a statement is small enough for a key service, whatever the run changed", async () => {
  const made = await AuditedLog.open();
  const addresses = Array.from({ length: 5_000 }, (_, index) => `net.a${index}`);
  await made.append(RUN, [runStarted(RUN, addresses)]);
  const types = Array.from({ length: 30 }, (_, index) => `provider.LongTypeName${index}`);
  for (const [index, resourceType] of types.entries()) {
    await made.append(RUN, [{ ...createStarted(`net.a${index}`, `t-${index}`), resourceType }]);
  }
  await made.append(RUN, [FINISHED]);
  const statement = await attestRun(await verified(made), RUN, digestWith(made.checks.hash));
  ok(statement !== undefined && canonicalJson(statement).length < 4_000);
});

async function signed(statement: Json, key: SigningKey): Promise<string> {
  const payload = new TextEncoder().encode(canonicalJson(statement));
  const signature = await key.signer.sign(preAuthEncoding(PAYLOAD_TYPE, payload));
  const signatures = [{ keyId: key.signer.keyId, signature }];
  return JSON.stringify(writeEnvelope({ payloadType: PAYLOAD_TYPE, payload, signatures }));
}

async function attested(
  made: AuditedLog,
): Promise<{ readonly log: VerifiedLog; readonly statement: JsonObject }> {
  const log = await verified(made);
  const statement = await attestRun(log, RUN, digestWith(made.checks.hash));
  ok(statement !== undefined);
  return { log, statement };
}

Deno.test("verifyAttestation() takes what a key of the log signed and the log says, and names the key", async () => {
  const made = await logWithRun();
  const { log, statement } = await attested(made);
  const found = await verifyAttestation(
    log,
    { path: "att.json", text: await signed(statement, made.key) },
    made.checks,
  );
  deepStrictEqual([found.run, found.key.name, found.statement], [RUN, "ann", statement]);
});

Deno.test("verifyAttestation() refuses what is no envelope, of another type, or signed by nobody that the log trusts", async () => {
  const made = await logWithRun();
  const { log, statement } = await attested(made);
  const text = await signed(statement, made.key);
  const stranger = await importEd25519(
    made.checks.hash,
    "eve",
    makeEd25519({
      bytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    }),
  );
  ok(stranger !== undefined);
  const posing = (await signed(statement, stranger)).replace(stranger.signer.keyId, made.key.signer.keyId);
  const cases: readonly (readonly [text: string, kind: string, message: RegExp])[] = [
    ["", "malformed", /"att\.json": it is not an envelope of DSSE$/],
    ["{}", "malformed", /it is not an envelope/],
    [
      text.replace("in-toto+json", "in-toto+jsom"),
      "malformed",
      /its payload is of type "application\/vnd\.in-toto\+jsom"$/,
    ],
    [await signed(statement, stranger), "key", /the log trusts no key [0-9a-f]{64} that may apply$/],
    [posing, "signature", /its signature is none of a key that the log trusts$/],
    [await signed({ a: 1 }, made.key), "malformed", /it holds no statement about a run$/],
    [await signed([], made.key), "malformed", /it holds no statement about a run$/],
  ];
  for (const [each, kind, message] of cases) {
    await rejects(verifyAttestation(log, { path: "att.json", text: each }, made.checks), {
      name: "IntegrityError",
      kind,
      message,
    });
  }
});

Deno.test("verifyAttestation() refuses what a trusted key signed and the log does not say", async () => {
  const made = await logWithRun();
  const { log, statement } = await attested(made);
  const lies: readonly (readonly [from: string, to: string, path: string])[] = [
    ['"succeeded"', '"failed"', "predicate.runDetails.byproducts"],
    ['"apply"', '"destroy"', "predicate.buildDefinition.externalParameters.command"],
    ['"host":', '"box":', "predicate.buildDefinition.internalParameters.host"],
    ["provenance/v1", "provenance/v2", "predicateType"],
  ];
  for (const [from, to, path] of lies) {
    const text = canonicalJson(statement).replace(from, to);
    const lie: Json = JSON.parse(text);
    await rejects(
      async () => verifyAttestation(log, { path: "a", text: await signed(lie, made.key) }, made.checks),
      {
        kind: "chain",
        message:
          `Cannot trust the attestation in "a": its "${path}" is not what the log says of run 01010101`,
      },
    );
  }
  const other = await attested(await logWithRun());
  await rejects(
    async () =>
      verifyAttestation(other.log, { path: "a", text: await signed(statement, made.key) }, made.checks),
    { kind: "key" },
  );
  const text = canonicalJson(statement).replace(RUN, OTHER);
  await rejects(
    async () =>
      verifyAttestation(log, { path: "a", text: await signed(JSON.parse(text), made.key) }, made.checks),
    { kind: "chain", message: /this log knows no run "0202.*" that has ended$/ },
  );
});

Deno.test("verifyAttestation() trusts no key that has been revoked or may only approve", async () => {
  const made = await logWithRun();
  const { statement } = await attested(made);
  const key = await importEd25519(
    made.checks.hash,
    "bob",
    makeEd25519({
      bytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    }),
  );
  ok(key !== undefined);
  const subject = { path: "a", text: await signed(statement, key) };
  await made.append(OTHER, [{ type: "KeyTrusted", key: trustedKey(key, ["approve"]) }]);
  await rejects(verifyAttestation(await verified(made), subject, made.checks), { kind: "key" });
  await made.append(OTHER, [{ type: "KeyTrusted", key: trustedKey(key, ["apply"]) }]);
  strictEqual((await verifyAttestation(await verified(made), subject, made.checks)).key.name, "bob");
  await made.append(OTHER, [{ type: "KeyRevoked", keyId: key.signer.keyId, reason: "lost" }]);
  await rejects(verifyAttestation(await verified(made), subject, made.checks), { kind: "key" });
});

Deno.test("verifyAttestation() refuses every flipped bit of an envelope that changes what is said or signed", async () => {
  const made = await logWithRun();
  const { log, statement } = await attested(made);
  const text = await signed(statement, made.key);
  const whole: Json = JSON.parse(text);
  for (let at = 0; at < text.length; at += 3) {
    const flipped = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);
    const found = await verifyAttestation(log, { path: "a", text: flipped }, made.checks)
      .catch((error: Error) => error.name);
    if (found === "IntegrityError") continue;
    // The hint at the key is not signed, and nothing rests on it.
    const json: Json = JSON.parse(flipped);
    ok(isJsonObject(json) && isJsonObject(whole), `byte ${at}`);
    deepStrictEqual(
      [json["payload"], json["payloadType"]],
      [whole["payload"], whole["payloadType"]],
      `byte ${at}`,
    );
  }
});

Deno.test("P14: an attestation counts nothing that another key has signed under the name of the run", async () => {
  const made = await AuditedLog.open();
  const thief = (await AuditedLog.open()).key;
  const key = trustedKey(thief, ["apply"]);
  await made.append(RUN, [runStarted(RUN, ["net.a"]), { type: "KeyTrusted", key }]);
  await made.append(RUN, [createStarted("net.a", "t-1")]);
  const taint: Event = { type: "Tainted", address: "net.a", reason: "bad" };
  await made.append(RUN, [createSucceeded("net.a", "t-1", "net-1"), taint], thief);
  await made.append(RUN, [FINISHED]);
  const statement = JSON.stringify(await attestRun(await verified(made), RUN, digestWith(made.checks.hash)));
  match(statement, /"events":4,/);
});
