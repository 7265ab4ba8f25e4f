import { deepStrictEqual, ok, rejects } from "node:assert/strict";
import { importEd25519, makeEd25519 } from "./ed25519_key.ts";
import { loadBlake3 } from "./blake3.ts";

/** Signs something and gives the key that the runtime was handed for it. */
async function keyInUse(sign: () => Promise<unknown>): Promise<CryptoKey | undefined> {
  const original = crypto.subtle.sign;
  let used: CryptoKey | undefined;
  crypto.subtle.sign = (algorithm, key, bytes) => {
    used = key;
    return original.call(crypto.subtle, algorithm, key, bytes);
  };
  try {
    await sign();
  } finally {
    crypto.subtle.sign = original;
  }
  return used;
}

Deno.test("a signing key in use is WebCrypto's own Ed25519 key, and nothing gets its bits back", async () => {
  const random = { bytes: (count: number) => new Uint8Array(count).fill(7) };
  const key = await importEd25519(await loadBlake3(), "owner", makeEd25519(random));
  ok(key !== undefined);
  deepStrictEqual(Object.keys(key.signer).toSorted(), ["keyId", "sign"]);
  const used = await keyInUse(() => key.signer.sign(new Uint8Array([1])));
  ok(used !== undefined);
  deepStrictEqual([used.algorithm.name, used.type, used.extractable], ["Ed25519", "private", false]);
  await rejects(crypto.subtle.exportKey("pkcs8", used));
  await rejects(crypto.subtle.exportKey("jwk", used));
});
