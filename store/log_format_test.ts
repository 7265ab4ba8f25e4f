import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { canonicalJson } from "../engine/canonical_json.ts";
import { EVENT_TYPES } from "../engine/event.ts";
import { eventFields } from "../engine/event_codec.ts";
import type { Json } from "../engine/json.ts";
import type { LogRecord } from "../engine/record.ts";
import { toBase64url } from "../trust/base64url.ts";
import { signedStatement } from "../trust/statement.ts";
import { CHECKS, KEY, NAME } from "./_test_log.ts";
import { LogFold } from "./log_fold.ts";
import { storedBytes } from "./record_codec.ts";
import { sealRecord } from "./seal_record.ts";
import { verifyRecords } from "./verify_records.ts";

const PAGE = await Deno.readTextFile(new URL("../docs/log-format.md", import.meta.url));

for (const nth of [1, 2]) {
  Deno.test(`the vectors of record ${nth} in docs/log-format.md are what smelt makes`, async () => {
    const text = vector(`record-${nth}`);
    const record: LogRecord = JSON.parse(text);
    strictEqual(canonicalJson(record as unknown as Json), text);
    const sealed = await sealRecord(record, CHECKS.hash, KEY.signer);
    strictEqual(sealed.hash, vector(`hash-${nth}`));
    strictEqual(
      signedStatement(record.stream, record.seq, sealed.hash).toHex(),
      vector(`statement-${nth}`),
    );
    const signature = toBase64url(
      await KEY.signer.sign(signedStatement(record.stream, record.seq, sealed.hash)),
    );
    strictEqual(signature, vector(`signature-${nth}`));
    deepStrictEqual(new TextDecoder().decode(sealed.bytes), `${text}\t${signature}`);
  });
}

Deno.test("the vectors in docs/log-format.md are a log that verifies", async () => {
  const fold = new LogFold(NAME);
  const pins = [{ seq: 2, hash: vector("hash-2"), source: "docs/log-format.md" }];
  await verifyRecords(fold, vectors(), {
    checks: CHECKS,
    pins,
    see: ({ voids }) => deepStrictEqual(voids, []),
  });
  deepStrictEqual(fold.head, { seq: 2, hash: vector("hash-2") });
  strictEqual(fold.stream, vector("hash-1"));
});

Deno.test("the vector of a key that signs by ECDSA verifies, and no flipped bit of its signature does", async () => {
  const bytes = new TextEncoder().encode(vector("record-ecdsa"));
  const signature = Uint8Array.fromBase64(vector("signature-ecdsa"), { alphabet: "base64url" });
  const verified = async (signed: Uint8Array) => {
    const fold = new LogFold(NAME);
    await verifyRecords(fold, once(storedBytes(bytes, signed)), { checks: CHECKS, pins: [], see: () => {} });
    return fold.environment.facts?.opened.keys[0]?.algorithm;
  };
  strictEqual(await verified(signature), "ECDSA-P256-SHA256");
  await rejects(verified(signature.with(5, (signature[5] ?? 0) ^ 1)), { kind: "signature" });
});

async function* once(bytes: Uint8Array): AsyncGenerator<{ seq: number; bytes: Uint8Array }> {
  yield { seq: 1, bytes };
}

Deno.test("docs/log-format.md tells of every kind of event, in order, with exactly the keys that it has", () => {
  const rows = [...PAGE.matchAll(/^\| `([A-Z]\w+)` +\| (.*?) +\| /gm)].map(([, type = "", keys = ""]) => ({
    type,
    keys: [...keys.matchAll(/`([^`]+)`/g)].map(([, key]) => key),
  }));
  deepStrictEqual(rows, EVENT_TYPES.map((type) => ({ type, keys: eventFields(type) })));
});

async function* vectors(): AsyncGenerator<{ seq: number; bytes: Uint8Array }> {
  for (const seq of [1, 2]) {
    const signature = Uint8Array.fromBase64(vector(`signature-${seq}`), { alphabet: "base64url" });
    yield { seq, bytes: storedBytes(new TextEncoder().encode(vector(`record-${seq}`)), signature) };
  }
}

function vector(name: string): string {
  const body = new RegExp(`^\`\`\`\\w+ ${name}\\n(.*)\\n\`\`\`$`, "m").exec(PAGE)?.[1];
  ok(body !== undefined, `The page has no "${name}"`);
  return body;
}
