import { rejects } from "node:assert/strict";
import type { TrustedKey } from "../engine/environment_event.ts";
import { IntegrityError, type IntegrityKind } from "../engine/integrity_error.ts";
import { toBase64url } from "./base64url.ts";
import { generateEd25519, NON_EXTRACTABLE } from "./_web_crypto.ts";
import { loadBlake3 } from "./blake3.ts";
import { signedStatement } from "./statement.ts";
import { signatureVerifier, type VerifySignature } from "./verify_signature.ts";

const hash = await loadBlake3();
const STATEMENT = signedStatement("ab".repeat(32), 7, "cd".repeat(32));

Deno.test("verify() accepts a signature of the key, again and again", async () => {
  const verify = signatureVerifier(hash);
  const { key, signature } = await signed();
  await verify(key, STATEMENT, signature, "dev record 7");
  await verify(key, STATEMENT, signature, "dev record 7");
});

Deno.test("verify() refuses any flipped bit of statement and signature", async () => {
  const verify = signatureVerifier(hash);
  const { key, signature } = await signed();
  for (let at = 0; at < signature.length; at++) {
    await refused(verify, key, STATEMENT, flip(signature, at), "signature");
  }
  for (let at = 0; at < STATEMENT.length; at += 5) {
    await refused(verify, key, flip(STATEMENT, at), signature, "signature");
  }
  for (const cut of [0, 63]) await refused(verify, key, STATEMENT, signature.slice(0, cut), "signature");
  await refused(verify, key, STATEMENT, new Uint8Array([...signature, 0]), "signature");
});

Deno.test("verify() refuses the signature of another key", async () => {
  const verify = signatureVerifier(hash);
  const mine = await signed();
  const other = await signed();
  await refused(verify, other.key, STATEMENT, mine.signature, "signature");
});

Deno.test("verify() refuses a key whose id is not the hash of its public key, also after it was read rightly", async () => {
  const verify = signatureVerifier(hash);
  const mine = await signed();
  const thief = await signed();
  await verify(mine.key, STATEMENT, mine.signature, "dev record 7");
  const forged: TrustedKey = { ...mine.key, publicKey: thief.key.publicKey };
  await refused(verify, forged, STATEMENT, thief.signature, "key");
  await refused(verify, { ...thief.key, id: mine.key.id }, STATEMENT, thief.signature, "key");
});

Deno.test("verify() refuses a public key that is padded, no base64url, or of another algorithm", async () => {
  const verify = signatureVerifier(hash);
  const { key, signature } = await signed();
  await refused(verify, { ...key, publicKey: `${key.publicKey}=` }, STATEMENT, signature, "key");
  await refused(verify, { ...key, publicKey: "?" }, STATEMENT, signature, "key");
  const curve = { name: "ECDSA", namedCurve: "P-256" };
  const pair = await crypto.subtle.generateKey(curve, NON_EXTRACTABLE, ["sign", "verify"]);
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  const other: TrustedKey = { ...key, id: hash(spki), publicKey: toBase64url(spki) };
  await refused(verify, other, STATEMENT, signature, "key");
});

async function signed(): Promise<{ readonly key: TrustedKey; readonly signature: Uint8Array<ArrayBuffer> }> {
  const pair = await generateEd25519(NON_EXTRACTABLE);
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  const signature = new Uint8Array(await crypto.subtle.sign("Ed25519", pair.privateKey, STATEMENT));
  const key: TrustedKey = {
    id: hash(spki),
    name: "ann",
    roles: ["admin", "apply"],
    algorithm: "Ed25519",
    publicKey: toBase64url(spki),
  };
  return { key, signature };
}

async function refused(
  verify: VerifySignature,
  key: TrustedKey,
  statement: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  kind: IntegrityKind,
): Promise<void> {
  await rejects(
    () => verify(key, statement, signature, "dev record 7"),
    (error) => error instanceof IntegrityError && error.kind === kind && error.where === "dev record 7",
  );
}

function flip(bytes: Uint8Array, at: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes, (byte, index) => index === at ? byte ^ 1 : byte);
}

Deno.test("verify() accepts ECDSA under a key of P-256, and refuses DER, cuts and flipped bits", async () => {
  const verify = signatureVerifier(hash);
  const { key, signature } = await signedByEcdsa();
  await verify(key, STATEMENT, signature, "dev record 7");
  for (let at = 0; at < signature.length; at += 3) {
    await refused(verify, key, STATEMENT, flip(signature, at), "signature");
  }
  for (const cut of [0, 32, 63]) await refused(verify, key, STATEMENT, signature.slice(0, cut), "signature");
  const numbers = [signature.slice(0, 32), signature.slice(32)].map((each) => [0x02, 33, 0, ...each]);
  await refused(verify, key, STATEMENT, new Uint8Array([0x30, 70, ...numbers.flat()]), "signature");
});

Deno.test("P10: the twin of an ECDSA signature verifies too, since n - s is as good as s", async () => {
  const verify = signatureVerifier(hash);
  const { key, signature } = await signedByEcdsa();
  await verify(key, STATEMENT, twinOf(signature), "dev record 7");
});

Deno.test("verify() takes the algorithm from the key: neither reads a public key or a signature of the other", async () => {
  const verify = signatureVerifier(hash);
  const ed25519 = await signed();
  const ecdsa = await signedByEcdsa();
  await refused(verify, ed25519.key, STATEMENT, ecdsa.signature, "signature");
  await refused(verify, ecdsa.key, STATEMENT, ed25519.signature, "signature");
  await refused(verify, { ...ecdsa.key, algorithm: "Ed25519" }, STATEMENT, ecdsa.signature, "key");
  await refused(
    verify,
    { ...ed25519.key, algorithm: "ECDSA-P256-SHA256" },
    STATEMENT,
    ed25519.signature,
    "key",
  );
});

Deno.test("verify() refuses another encoding of a key: it would be the same key under another id", async () => {
  const verify = signatureVerifier(hash);
  const { key, signature } = await signedByEcdsa();
  const spki = Uint8Array.fromBase64(key.publicKey, { alphabet: "base64url" });
  // The point compressed, as RFC 5480 allows: its sign and one coordinate.
  const [start, point] = [spki.slice(0, 26), spki.slice(27)];
  const sign = 2 + ((point[63] ?? 0) & 1);
  const compressed = new Uint8Array([...start, sign, ...point.slice(0, 32)]);
  compressed.set([0x39], 1);
  compressed.set([0x22], 24);
  const other = { ...key, id: hash(compressed), publicKey: toBase64url(compressed) };
  await refused(verify, other, STATEMENT, signature, "key");
});

/** The order of P-256 (SEC 2 section 2.4.2). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

function twinOf(signature: Uint8Array): Uint8Array<ArrayBuffer> {
  const s = BigInt(`0x${signature.subarray(32).toHex()}`);
  const other = Uint8Array.fromHex((ORDER - s).toString(16).padStart(64, "0"));
  return new Uint8Array([...signature.subarray(0, 32), ...other]);
}

async function signedByEcdsa(): Promise<{
  readonly key: TrustedKey;
  readonly signature: Uint8Array<ArrayBuffer>;
}> {
  const curve = { name: "ECDSA", namedCurve: "P-256" };
  const pair = await crypto.subtle.generateKey(curve, NON_EXTRACTABLE, ["sign", "verify"]);
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  const signing = { name: "ECDSA", hash: "SHA-256" };
  const signature = new Uint8Array(await crypto.subtle.sign(signing, pair.privateKey, STATEMENT));
  const algorithm = "ECDSA-P256-SHA256";
  const key = {
    id: hash(spki),
    name: "kms",
    roles: ["apply"],
    algorithm,
    publicKey: toBase64url(spki),
  } as const;
  return { key, signature };
}
