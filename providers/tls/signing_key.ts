import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import type { CallFailure } from "../../engine/call_failure.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { refused } from "../failures.ts";

/** A private key that signs certificates, with its public half. */
export interface SigningKey {
  readonly keys: CryptoKeyPair;
  /** How it signs, as WebCrypto takes it. */
  readonly algorithm: SignatureAlgorithm;
  /** The public half in DER, for comparison. */
  readonly publicDer: Uint8Array;
}

type SignatureAlgorithm = { readonly name: string; readonly hash?: string };

interface KeyKind {
  readonly imported: RsaHashedImportParams | EcKeyImportParams | Algorithm;
  readonly algorithm: SignatureAlgorithm;
}

const CURVES: Readonly<Record<string, { readonly namedCurve: string; readonly hash: string }>> = {
  prime256v1: { namedCurve: "P-256", hash: "SHA-256" },
  secp384r1: { namedCurve: "P-384", hash: "SHA-384" },
  secp521r1: { namedCurve: "P-521", hash: "SHA-512" },
};

/** Reads a private key in PEM: PKCS#8, PKCS#1 or SEC1, not encrypted. `field` names it in the message. */
export async function readSigningKey(pem: string, field: string): Promise<Result<SigningKey, CallFailure>> {
  const key = parseKey(pem);
  if (key === undefined) return err(unusable(field, "it is no private key in PEM, or an encrypted one"));
  const kind = kindOf(key);
  if (kind === undefined) {
    return err(unusable(field, "it is neither an RSA, a P-256, P-384 or P-521, nor an Ed25519 key"));
  }
  const publicDer = new Uint8Array(createPublicKey(key).export({ type: "spki", format: "der" }));
  const privateDer = new Uint8Array(key.export({ type: "pkcs8", format: "der" }));
  const isExtractable = false;
  const isPublic = true;
  return ok({
    keys: {
      privateKey: await crypto.subtle.importKey("pkcs8", privateDer, kind.imported, isExtractable, ["sign"]),
      publicKey: await crypto.subtle.importKey("spki", publicDer, kind.imported, isPublic, ["verify"]),
    },
    algorithm: kind.algorithm,
    publicDer,
  });
}

/** What the runtime answers to bytes that are no key is an error of no certain kind, and no two versions agree. */
function parseKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return undefined;
  }
}

function kindOf(key: KeyObject): KeyKind | undefined {
  if (key.asymmetricKeyType === "rsa") {
    const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
    return { imported: algorithm, algorithm };
  }
  if (key.asymmetricKeyType === "ed25519") {
    const algorithm = { name: "Ed25519" };
    return { imported: algorithm, algorithm };
  }
  const curve = CURVES[key.asymmetricKeyDetails?.namedCurve ?? ""];
  if (curve === undefined) return undefined;
  const { namedCurve, hash } = curve;
  return { imported: { name: "ECDSA", namedCurve }, algorithm: { name: "ECDSA", hash } };
}

function unusable(field: string, why: string): CallFailure {
  return refused("InvalidConfig", `Cannot use "${field}": ${why}`);
}
