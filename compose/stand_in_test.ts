import { deepStrictEqual, ok as holds, rejects, strictEqual } from "node:assert/strict";
import type { Event } from "../engine/event.ts";
import { ok } from "../engine/result.ts";
import { loadRecordChecks } from "../store/record_checks.ts";
import { passingFolder } from "../tests/support/passing_folder.ts";
import { SeededRandom } from "../tests/support/seeded_random.ts";
import { VirtualClock } from "../tests/support/virtual_clock.ts";
import { importEd25519, makeEd25519, trustedKey } from "../trust/ed25519_key.ts";
import { planStatement, unsavedStatement } from "../trust/statement.ts";
import { type DocumentKind, openDocument, signDocument } from "./signed_document.ts";
import { makeStandIn, type StandIn } from "./stand_in.ts";
import { openUnsaved, saveUnsaved } from "./unsaved_file.ts";

const STREAM = "ab".repeat(32);
const OUTCOME: Event = { type: "DeleteSucceeded", address: "net.main", id: "n-1", token: "0f".repeat(16) };
const checks = await loadRecordChecks();
const { hash } = checks;

/** A key that a service holds, what stands in for it, and a log that trusts it. */
async function party(seed: number) {
  const random = new SeededRandom(seed);
  const key = await importEd25519(hash, `key ${seed}`, makeEd25519(random));
  if (key === undefined) throw new Error("A new key can be imported");
  const trySign = async (statement: Uint8Array<ArrayBuffer>) => ok(await key.signer.sign(statement));
  const standIn = async (stream: string): Promise<StandIn> => {
    const made = await makeStandIn({ hash, random, stream }, { ...key, trySign });
    if (!made.ok) throw new Error(made.error.message);
    return made.value;
  };
  const trusted = trustedKey(key, ["apply"]);
  const trust = { stream: STREAM, keys: new Map([[trusted.id, { key: trusted, isRevoked: false }]]), checks };
  return { signer: key.signer, standIn, trust };
}

async function saved(signing: Pick<Parameters<typeof saveUnsaved>[2], "signer" | "standIn">) {
  const folder = await passingFolder();
  const parts = { stream: STREAM, hash, clock: new VirtualClock(), ...signing };
  const path = await saveUnsaved(`${folder}/r.json`, [OUTCOME], parts);
  return { path, bytes: await Deno.readFile(path) };
}

const refusal = { name: "IntegrityError" };

Deno.test("outcomes that a stand-in signed open under the key that vouched for it, and any changed byte does not", async () => {
  const { signer, standIn, trust } = await party(1);
  const gone = { ...signer, sign: () => Promise.reject(new Error("The service is gone")) };
  const { path, bytes } = await saved({ signer: gone, standIn: await standIn(STREAM) });
  deepStrictEqual(await openUnsaved(path, bytes, trust), [OUTCOME]);
  for (let at = 0; at < bytes.length - 1; at++) {
    const flipped = bytes.with(at, (bytes[at] ?? 0) ^ 1);
    const found = await openUnsaved(path, flipped, trust).catch((error: Error) => error.name);
    holds(found === "IntegrityError" || found === undefined, `byte ${at}`);
  }
});

Deno.test("a stand-in is worth nothing without a voucher of a trusted key for this log", async () => {
  const { signer, standIn, trust } = await party(1);
  const thief = await party(2);
  const own = await standIn(STREAM);
  const theirs = await thief.standIn(STREAM);
  for (
    const forged of [
      // Their key vouches for their stand-in, and they say that ours did.
      theirs,
      // Our voucher, taken from an older file, for their stand-in.
      { ...theirs, voucher: own.voucher },
      // Our stand-in as the file names it, and their signature.
      { ...own, signer: theirs.signer },
      // Our voucher for another log.
      await standIn("cd".repeat(32)),
    ]
  ) {
    const { path, bytes } = await saved({ signer, standIn: forged });
    await rejects(openUnsaved(path, bytes, trust), { ...refusal, kind: "signature" });
  }
  const { path, bytes } = await saved({ signer: thief.signer, standIn: theirs });
  await rejects(openUnsaved(path, bytes, trust), { ...refusal, kind: "key" });
});

Deno.test("a stand-in signs outcomes only: no plan, though the key may sign both", async () => {
  const { signer, standIn, trust } = await party(1);
  const kind: DocumentKind = {
    name: "it",
    advice: "",
    standIns: "refused",
    revokedKeys: "refused",
    statement: planStatement,
  };
  const parts = { stream: STREAM, hash, signer, standIn: await standIn(STREAM) };
  const bytes = await signDocument(kind, { plan: 1 }, parts);
  await rejects(openDocument(kind, { path: "p", bytes }, trust), { ...refusal, kind: "malformed" });
  const whole = await signDocument(kind, { plan: 1 }, { ...parts, standIn: undefined });
  strictEqual((await openDocument(kind, { path: "p", bytes: whole }, trust))?.body["plan"], 1);
  const outcomes: DocumentKind = { ...kind, standIns: "accepted", statement: unsavedStatement };
  await rejects(openDocument(outcomes, { path: "p", bytes: whole }, trust), {
    ...refusal,
    kind: "signature",
  });
});
