/** Keeps what docs/log-format.md says of roots and signed checkpoints true: its vectors are what smelt makes. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { canonicalEnvironment } from "../engine/canonical_environment.ts";
import { canonicalState } from "../engine/canonical_state.ts";
import type { ResourceState } from "../engine/resource_state.ts";
import { ed25519Point } from "../trust/ed25519_key.ts";
import { formatNoteKey, noteKey, noteVerdict } from "../trust/note_key.ts";
import { formatNote, parseNote } from "../trust/signed_note.ts";
import { loadSha256 } from "../trust/sha256.ts";
import { CHECKS, createStarted, KEY, NAME } from "./_test_log.ts";
import { checkpointDigest } from "./checkpoint_digest.ts";
import { LogFold } from "./log_fold.ts";
import { storedBytes } from "./record_codec.ts";
import { recordLeaf, recordRoot } from "./record_tree.ts";
import { checkpointOrigin, statementText } from "./signed_checkpoint.ts";
import { stateLeaf, stateRoot } from "./state_tree.ts";
import { verifyRecords } from "./verify_records.ts";

const PAGE = await Deno.readTextFile(new URL("../docs/log-format.md", import.meta.url));
const { hash } = CHECKS;

/** With something in every key that a state has. */
const STATE: ResourceState = {
  address: "a.x",
  version: 9,
  incarnation: 2,
  object: {
    id: "i-2",
    type: "sim.Disk",
    schemaVersion: 1,
    account: "12",
    incarnation: 2,
    inputs: { key: { $secret: { blob: "b/d1", digest: "h" } }, size: 1 },
    fields: { size: 1 },
    outputs: { url: "u" },
    precondition: "e1",
    reliesSince: 4,
    dependencies: [{ address: "net.a", incarnation: 1 }],
    bindings: [{ path: "network", from: ["net.a"], source: "id" }],
    triggers: { "net.a.id": '"n-1"' },
    description: { intent: "why", owner: "me", retained: true },
  },
  intent: {
    run: "r1",
    seq: 8,
    at: "2026-01-02T03:04:05.000Z",
    started: createStarted("a.x", "t3"),
    acceptedId: "i-3",
    doubt: { kind: "Timeout", retry: "withToken", certainty: "unknown", message: "no answer" },
  },
  deposed: [],
  taint: "broken",
  isProtected: true,
  isProtectedByHand: true,
};

Deno.test("the vector of a state in docs/log-format.md is the canonical text of one, and its leaf and root follow", () => {
  const { object } = STATE;
  ok(object !== undefined);
  const old = { ...object, id: "i-1", precondition: undefined, description: {} };
  const state = { ...STATE, deposed: [{ object: old, reason: "replaced" }] } as const;
  const text = canonicalState(state);
  strictEqual(text, vector("state"));
  strictEqual(stateLeaf(hash, "a.x", text), vector("state-leaf"));
  deepStrictEqual(stateRoot(hash, new Map([["a.x", state]])), { count: 1, root: vector("state-root") });
  strictEqual(stateRoot(hash, new Map()).root, vector("empty-root"));
});

Deno.test("the vectors of a checkpoint in docs/log-format.md are those of the two records of the page", async () => {
  const fold = new LogFold(NAME);
  await verifyRecords(fold, records(), { checks: CHECKS, pins: [], see: () => {} });
  const { object, root } = checkpointDigest(hash, fold);
  strictEqual(root, vector("empty-root"));
  strictEqual(canonicalEnvironment(fold.environment, fold, { count: 0, root }), vector("environment"));
  strictEqual(object, vector("object"));

  const sha256 = await loadSha256();
  const hashes = [vector("hash-1"), vector("hash-2")];
  strictEqual(recordLeaf(sha256, hashes[0] ?? ""), vector("record-leaf-1"));
  const recordRootHex = recordRoot(sha256, hashes);
  const origin = { project: "shop", environment: NAME, stream: fold.stream };
  const text = statementText({ ...origin, head: fold.head, recordRoot: recordRootHex, root, object });
  const point = ed25519Point(KEY.trusted.publicKey);
  ok(point !== undefined);
  const key = await noteKey("note", checkpointOrigin(origin), point);
  strictEqual(formatNoteKey(key), vector("verifier-key"));
  const signature = await KEY.signer.sign(new TextEncoder().encode(text));
  const note = formatNote({ text, signatures: [{ name: key.name, keyId: key.id, signature }] });
  strictEqual(note, `${vector("checkpoint")}\n`);
  const parsed = parseNote(note);
  ok(parsed !== undefined);
  strictEqual(await noteVerdict(parsed, key), "good");
});

async function* records(): AsyncGenerator<{ seq: number; bytes: Uint8Array }> {
  for (const seq of [1, 2]) {
    const signature = Uint8Array.fromBase64(vector(`signature-${seq}`), { alphabet: "base64url" });
    yield { seq, bytes: storedBytes(new TextEncoder().encode(vector(`record-${seq}`)), signature) };
  }
}

function vector(name: string): string {
  const body = new RegExp(`^\`\`\`\\w+ ${name}\\n([^\`]*)\\n\`\`\`$`, "m").exec(PAGE)?.[1];
  ok(body !== undefined, `The page has no "${name}"`);
  return body;
}
