import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import type { Random } from "../engine/random.ts";
import type { LogFold } from "../store/log_fold.ts";
import { MemoryLog } from "../store/memory_log.ts";
import { createLog } from "../store/create_log.ts";
import { loadLog } from "../store/load_log.ts";
import { loadRecordChecks } from "../store/record_checks.ts";
import { importEd25519, makeEd25519, type SigningKey, trustedKey } from "../trust/ed25519_key.ts";
import { genesis } from "./genesis.ts";

const random: Random = { bytes: (count) => crypto.getRandomValues(new Uint8Array(count)) };
const checks = await loadRecordChecks();
const clock = { wallMs: () => 0, monotonicMs: () => 0, sleep: () => Promise.resolve() };

Deno.test("genesis() names the environment, its first key with every role, and the keys of its secrets", async () => {
  const key = await signingKey();
  const opened = genesis(what(key), random);
  deepStrictEqual({ ...opened, nonce: opened.nonce.length }, {
    type: "EnvironmentOpened",
    project: "p-1",
    environment: "dev",
    nonce: 32,
    keys: [trustedKey(key, ["admin", "apply", "approve"])],
    dataKey: "d",
    digestKey: "g",
  });
});

Deno.test("P10: the same project, environment and keys opened again are another log", async () => {
  const key = await signingKey();
  const first = await opened(key);
  const second = await opened(key);
  notStrictEqual(first.stream, second.stream);
  notStrictEqual(first.stream, "");
});

Deno.test("the log that genesis() opens verifies and folds to what it says", async () => {
  const key = await signingKey();
  const { environment, head } = await opened(key);
  strictEqual(head.seq, 1);
  strictEqual(environment.facts?.opened.project, "p-1");
  strictEqual(environment.facts?.activeDataKey, "d");
  strictEqual(environment.keys.get(key.signer.keyId)?.key.name, "ann");
});

async function opened(key: SigningKey): Promise<LogFold> {
  const log = new MemoryLog();
  const run = "01".repeat(16);
  const place = { log, environment: "dev", clock, hash: checks.hash, signer: key.signer, run };
  const made = await createLog({ ...place, repaired: () => {} }, genesis(what(key), random));
  if (!made.ok) throw new Error(made.error.kind);
  const pins = [{ ...made.value, source: "smelt.toml" }];
  return await loadLog(log, "dev", { checks, pins, see: () => {} });
}

function what(key: SigningKey): Parameters<typeof genesis>[0] {
  return { project: "p-1", environment: "dev", owner: trustedKey(key, []), dataKey: "d", digestKey: "g" };
}

async function signingKey(): Promise<SigningKey> {
  const key = await importEd25519(checks.hash, "ann", makeEd25519(random));
  if (key === undefined) throw new TypeError("a new key is one");
  return key;
}
