import type { TrustedKey } from "../engine/environment_event.ts";
import { isJsonObject, type Json, type JsonObject } from "../engine/json.ts";
import type { Random } from "../engine/random.ts";
import { invariant } from "../engine/invariant.ts";
import { ok, type Result } from "../engine/result.ts";
import { fromBase64url, toBase64url } from "../trust/base64url.ts";
import type { Hash } from "../trust/blake3.ts";
import { importEd25519, makeEd25519 } from "../trust/ed25519_key.ts";
import type { KmsFault } from "../trust/kms_fault.ts";
import type { KmsSigningKey } from "../trust/kms_signer.ts";
import type { Signer } from "../trust/signer.ts";
import { standInStatement } from "../trust/statement.ts";

/**
 * A key of this process alone, which signs what must be kept when the real key cannot be reached any more: a key service may
 * fail in the middle of a run, and what its calls did must not be lost with it. The real key vouches for it beforehand, for
 * one log.
 */
export interface StandIn {
  readonly signer: Signer;
  /** SubjectPublicKeyInfo in base64url without padding. */
  readonly publicKey: string;
  /** The real key's signature over the statement that names this one. */
  readonly voucher: Uint8Array<ArrayBuffer>;
}

/** Makes a key and has a key service vouch for it. It is never stored, and cannot be exported. */
export async function makeStandIn(
  { hash, random, stream }: { readonly hash: Hash; readonly random: Random; readonly stream: string },
  { trySign }: KmsSigningKey,
): Promise<Result<StandIn, KmsFault>> {
  const key = await importEd25519(hash, "stand-in", makeEd25519(random));
  invariant(key !== undefined, "A new key can be imported");
  const voucher = await trySign(standInStatement(stream, key.signer.keyId));
  if (!voucher.ok) return voucher;
  return ok({ signer: key.signer, publicKey: key.publicKey, voucher: voucher.value });
}

/** What a document that it signs says of it. */
export function standInJson({ publicKey, voucher }: StandIn): JsonObject {
  return { publicKey, voucher: toBase64url(voucher) };
}

/** Reads what `standInJson` writes; whether the voucher holds is for the caller to verify. */
export function readStandIn(
  json: Json,
  hash: Hash,
): { readonly key: TrustedKey; readonly voucher: Uint8Array<ArrayBuffer> } | undefined {
  if (!isJsonObject(json)) return undefined;
  const { publicKey, voucher } = json;
  if (typeof publicKey !== "string" || typeof voucher !== "string") return undefined;
  const [spki, signature] = [fromBase64url(publicKey), fromBase64url(voucher)];
  if (spki === undefined || signature === undefined) return undefined;
  const key: TrustedKey = { id: hash(spki), name: "stand-in", roles: [], algorithm: "Ed25519", publicKey };
  return { key, voucher: signature };
}
