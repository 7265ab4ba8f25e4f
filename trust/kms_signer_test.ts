import { deepStrictEqual, match, rejects, strictEqual } from "node:assert/strict";
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { ok } from "../engine/result.ts";
import { loadBlake3 } from "./blake3.ts";
import { trustedKey } from "./ed25519_key.ts";
import type { Kms } from "./kms.ts";
import { type KmsKeyName, parseKmsKeyName } from "./kms_key_name.ts";
import { openKmsSigner } from "./kms_signer.ts";
import { signedStatement } from "./statement.ts";
import { signatureVerifier } from "./verify_signature.ts";

const hash = await loadBlake3();
const STATEMENT = signedStatement("ab".repeat(32), 7, "cd".repeat(32));
const NAME = named("alias/smelt/prod");

function named(text: string): KmsKeyName {
  const name = parseKmsKeyName(text);
  if (name === undefined) throw new Error(`"${text}" names no key`);
  return name;
}

/** What a key service answers, of which a test replaces parts. */
function service(publicKey: KeyObject, signs: (message: Uint8Array) => Uint8Array): Kms {
  const algorithm = publicKey.asymmetricKeyType === "ed25519" ? "Ed25519" : "ECDSA-P256-SHA256";
  const spki = new Uint8Array(publicKey.export({ type: "spki", format: "der" }));
  const none = () => Promise.reject(new Error("This test wraps nothing"));
  return {
    publicKey: () => Promise.resolve(ok({ id: NAME, algorithm, spki })),
    sign: (_key, message) => Promise.resolve(ok(new Uint8Array(signs(message)))),
    makeKey: none,
    wrapKey: none,
    openKey: none,
  };
}

const ED25519 = generateKeyPairSync("ed25519");
const P256 = generateKeyPairSync("ec", { namedCurve: "P-256" });
const K256 = generateKeyPairSync("ec", { namedCurve: "secp256k1" });

for (
  const [algorithm, { publicKey, privateKey }] of [
    ["Ed25519", ED25519],
    ["ECDSA-P256-SHA256", P256],
  ] as const
) {
  const digest = algorithm === "Ed25519" ? null : "sha256";

  Deno.test(`openKmsSigner() signs by ${algorithm} in 64 bytes that verify under the key that the log gets`, async () => {
    const kms = service(publicKey, (message) => sign(digest, message, privateKey));
    const key = await openKmsSigner(hash, kms, NAME);
    if (!key.ok) throw new Error(key.error.message);
    deepStrictEqual([key.value.name, key.value.algorithm], ["smelt-prod", algorithm]);
    const signature = await key.value.signer.sign(STATEMENT);
    strictEqual(signature.length, 64);
    const trusted = trustedKey(key.value, ["apply"]);
    await signatureVerifier(hash)(trusted, STATEMENT, signature, "dev record 7");
  });

  Deno.test(`openKmsSigner() gives on no signature by ${algorithm} that is not one`, async () => {
    const rubbish: readonly ((message: Uint8Array) => Uint8Array)[] = [
      () => new Uint8Array(),
      () => new Uint8Array(64),
      (message) => sign(digest, message.slice(1), privateKey),
      (message) => new Uint8Array([...sign(digest, message, privateKey), 0]),
      () => new Uint8Array(64).fill(1),
    ];
    for (const signs of rubbish) {
      const key = await openKmsSigner(hash, service(publicKey, signs), NAME);
      if (!key.ok) throw new Error(key.error.message);
      await rejects(key.value.signer.sign(STATEMENT), /what it gave as a signature is not one of this key/);
      const told = await key.value.trySign(STATEMENT);
      strictEqual(told.ok ? undefined : told.error.kind, "Garbled");
    }
  });
}

Deno.test("openKmsSigner() refuses a key of another curve, which signs by ECDSA with SHA-256 as well", async () => {
  const kms = service(K256.publicKey, (message) => sign("sha256", message, K256.privateKey));
  const key = await openKmsSigner(hash, kms, NAME);
  match(key.ok ? "" : key.error.message, /its public key is not one for ECDSA-P256-SHA256$/);
});

Deno.test("a text that KMS does not sign by Ed25519 is refused before it is sent, with both lengths", async () => {
  const kms = service(ED25519.publicKey, () => {
    throw new Error("It was sent");
  });
  const key = await openKmsSigner(hash, kms, NAME);
  if (!key.ok) throw new Error(key.error.message);
  const told = await key.value.trySign(new Uint8Array(4_097));
  match(told.ok ? "" : told.error.message, /it signs at most 4096 bytes by Ed25519, found 4097$/);
});
