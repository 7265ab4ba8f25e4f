import type { KeyAlgorithm, KeyRole, TrustedKey } from "../engine/environment_event.ts";
import { invariant } from "../engine/invariant.ts";
import type { Random } from "../engine/random.ts";
import { EXTRACTABLE, NON_EXTRACTABLE } from "./_web_crypto.ts";
import { fromBase64url, toBase64url } from "./base64url.ts";
import type { Hash } from "./blake3.ts";
import type { Signer } from "./signer.ts";

const SEED_BYTES = 32;

/** What stands before the 32 bytes of a private key in PKCS#8, and of a public key in SubjectPublicKeyInfo (RFC 8410 section 7 and 4). */
const PKCS8_PREFIX = Uint8Array.fromHex("302e020100300506032b657004220420");
const SPKI_PREFIX = Uint8Array.fromHex("302a300506032b6570032100");

/** A signing key in use: it signs, and cannot be exported any more. */
export interface SigningKey {
  /** Whose it is, for people. */
  readonly name: string;
  readonly algorithm: KeyAlgorithm;
  /** SubjectPublicKeyInfo in base64url without padding. */
  readonly publicKey: string;
  readonly signer: Signer;
}

/** Makes a private key of fresh bits, in PKCS#8: equal bits make an equal key. */
export function makeEd25519(random: Random): Uint8Array<ArrayBuffer> {
  return new Uint8Array([...PKCS8_PREFIX, ...random.bytes(SEED_BYTES)]);
}

/** Takes a private key into use; `undefined` when `pkcs8` is not one of Ed25519. */
export async function importEd25519(
  hash: Hash,
  name: string,
  pkcs8: Uint8Array<ArrayBuffer>,
): Promise<SigningKey | undefined> {
  if (!isEd25519(pkcs8)) return undefined;
  const spki = await publicHalf(pkcs8);
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", NON_EXTRACTABLE, ["sign"]);
  return {
    name,
    algorithm: "Ed25519",
    publicKey: toBase64url(spki),
    signer: ed25519Signer(hash(spki), key),
  };
}

/** What the log holds of the key. */
export function trustedKey(key: SigningKey, roles: readonly KeyRole[]): TrustedKey {
  const { algorithm, name, publicKey, signer } = key;
  return { id: signer.keyId, name, roles, algorithm, publicKey };
}

/** The 32 bytes of a public key (RFC 8032) in a SubjectPublicKeyInfo in base64url; `undefined` when it is none of Ed25519. */
export function ed25519Point(publicKey: string): Uint8Array<ArrayBuffer> | undefined {
  const spki = fromBase64url(publicKey);
  const isOne = spki?.length === SPKI_PREFIX.length + SEED_BYTES &&
    SPKI_PREFIX.every((byte, at) => spki[at] === byte);
  return isOne ? spki.slice(SPKI_PREFIX.length) : undefined;
}

function ed25519Signer(keyId: string, key: CryptoKey): Signer {
  return {
    keyId,
    sign: async (statement) => new Uint8Array(await crypto.subtle.sign("Ed25519", key, statement)),
  };
}

/** Whether `spki` is an Ed25519 key in its only encoding: another one of the same key would have another id. */
export function isEd25519Spki(spki: Uint8Array): boolean {
  return spki.length === SPKI_PREFIX.length + SEED_BYTES &&
    SPKI_PREFIX.every((byte, at) => spki[at] === byte);
}

function isEd25519(pkcs8: Uint8Array): boolean {
  return pkcs8.length === PKCS8_PREFIX.length + SEED_BYTES &&
    PKCS8_PREFIX.every((byte, at) => pkcs8[at] === byte);
}

/** The public key as SubjectPublicKeyInfo; the runtime derives it from the private one only on the way to JWK (RFC 8037). */
async function publicHalf(pkcs8: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", EXTRACTABLE, ["sign"]);
  const { x } = await crypto.subtle.exportKey("jwk", key);
  const point = x === undefined ? undefined : fromBase64url(x);
  invariant(point !== undefined, "The runtime exports an Ed25519 key with its public half");
  return new Uint8Array([...SPKI_PREFIX, ...point]);
}
