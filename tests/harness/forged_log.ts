import { ok } from "node:assert/strict";
import type { LogRecord } from "../../engine/record.ts";
import type { RecordChecks } from "../../store/record_checks.ts";
import { sealRecord } from "../../store/seal_record.ts";
import { importEd25519, type SigningKey } from "../../trust/ed25519_key.ts";
import type { TestProject } from "./test_project.ts";

/** The log of a project, record by record. */
export async function recordsOf(project: TestProject): Promise<readonly LogRecord[]> {
  const lines = (await Deno.readTextFile(project.logPath)).trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line.split("\t")[0] ?? ""));
}

/** Appends a record that the key signs as it should be, whatever it says. */
export async function forge(
  project: TestProject,
  checks: RecordChecks,
  key: SigningKey,
  what: Pick<LogRecord, "events"> & Partial<Pick<LogRecord, "at" | "run">>,
): Promise<void> {
  const last = (await recordsOf(project)).at(-1);
  ok(last !== undefined);
  const line = (await Deno.readTextFile(project.logPath)).trimEnd().split("\n").at(-1) ?? "";
  const prev = checks.hash(new TextEncoder().encode(line.split("\t")[0] ?? ""));
  const record = { ...last, seq: last.seq + 1, prev, by: key.signer.keyId, ...what };
  const sealed = await sealRecord(record, checks.hash, key.signer);
  await Deno.writeTextFile(project.logPath, `${new TextDecoder().decode(sealed.bytes)}\n`, { append: true });
}

/** The signing key of a test project, as a thief of its file has it. */
export async function stolenKey(
  project: TestProject,
  checks: RecordChecks,
  name: string,
): Promise<SigningKey> {
  const { key } = JSON.parse(await Deno.readTextFile(`${project.root}/.smelt/keys/${name}.key`));
  const pkcs8 = Uint8Array.fromBase64(key, { alphabet: "base64url" });
  const stolen = await importEd25519(checks.hash, name, pkcs8);
  ok(stolen !== undefined);
  return stolen;
}
