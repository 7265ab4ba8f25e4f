import { KEY_ALGORITHMS, type KeyAlgorithm } from "../engine/environment_event.ts";
import { isPublicKey } from "./public_key.ts";

const LINE_LENGTH = 64;

/** Writes a public key, SubjectPublicKeyInfo in DER, as other programs read it (RFC 7468 section 13). */
export function publicKeyPem(spki: Uint8Array): string {
  const lines = spki.toBase64().match(new RegExp(`.{1,${LINE_LENGTH}}`, "g")) ?? [];
  return ["-----BEGIN PUBLIC KEY-----", ...lines, "-----END PUBLIC KEY-----", ""].join("\n");
}

const PEM_REGEXP = /^\s*-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----\s*$/;

/** Reads a public key as other programs write it; `undefined` for anything else, and for a key of an algorithm that is not used here. */
export function readPublicKeyPem(
  text: string,
): { readonly algorithm: KeyAlgorithm; readonly spki: Uint8Array<ArrayBuffer> } | undefined {
  const body = PEM_REGEXP.exec(text)?.[1]?.replace(/\s+/g, "");
  const spki = body === undefined ? undefined : bytesOf(body);
  const algorithm = KEY_ALGORITHMS.find((each) => spki !== undefined && isPublicKey(each, spki));
  return spki === undefined || algorithm === undefined ? undefined : { algorithm, spki };
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.fromBase64(base64);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
