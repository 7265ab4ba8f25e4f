import { ok, strictEqual } from "node:assert/strict";
import type { KeyRole } from "../engine/environment_event.ts";
import { loadRecordChecks } from "../store/record_checks.ts";
import { SeededRandom } from "../tests/support/seeded_random.ts";
import { importEd25519, makeEd25519, type SigningKey, trustedKey } from "../trust/ed25519_key.ts";
import { requireRole } from "./key_role.ts";

const PIN = { seq: 9, hash: "ab".repeat(32), source: "pins.json", found: undefined };

async function newKey(): Promise<SigningKey> {
  const { hash } = await loadRecordChecks();
  const key = await importEd25519(hash, "ada", makeEd25519(new SeededRandom(1)));
  ok(key !== undefined);
  return key;
}

Deno.test("requireRole() wants a key that the log trusts in the role, and that no lost pin has seen without it", async () => {
  const key = await newKey();
  const { keyId } = key.signer;
  const keysOf = (roles: readonly KeyRole[], isRevoked: boolean) =>
    new Map([[keyId, { key: trustedKey(key, roles), isRevoked }]]);
  const isRevoked = true;
  const admin = keysOf(["admin", "apply"], !isRevoked);
  const helper = keysOf(["apply"], !isRevoked);
  const revoked = keysOf(["admin"], isRevoked);
  ok(requireRole({ keys: admin, lost: [PIN] }, key, "admin").ok);
  ok(requireRole({ keys: admin, lost: [{ ...PIN, admins: new Set([keyId]) }] }, key, "admin").ok);
  for (
    const trust of [
      { keys: helper, lost: [] },
      { keys: revoked, lost: [] },
      { keys: new Map(), lost: [] },
      { keys: admin, lost: [PIN, { ...PIN, admins: new Set(["another"]) }] },
    ]
  ) {
    const refused = requireRole(trust, key, "admin");
    ok(!refused.ok);
    strictEqual(refused.error.message, 'The key "ada" may not do this: it lacks the role "admin"');
  }
});
