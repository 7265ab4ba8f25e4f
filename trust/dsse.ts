import { isJsonObject, type Json, type JsonObject } from "../engine/json.ts";

/**
 * Signed payloads in the form that tools beyond smelt verify: the Dead Simple Signing Envelope, version 1.0
 * (https://github.com/secure-systems-lab/dsse, protocol.md and envelope.md).
 */
export interface Envelope {
  readonly payloadType: string;
  /** As signed. */
  readonly payload: Uint8Array<ArrayBuffer>;
  readonly signatures: readonly EnvelopeSignature[];
}

/** One signature of an envelope. */
export interface EnvelopeSignature {
  /** A hint at the key; not signed, so it decides nothing. Empty where there is none. */
  readonly keyId: string;
  readonly signature: Uint8Array<ArrayBuffer>;
}

/**
 * The bytes that a signature covers (protocol.md, Signature Definition): `DSSEv1`, then type and body, each preceded by its
 * length in bytes, in decimal; all parts apart by one space.
 */
export function preAuthEncoding(payloadType: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const type = encoder.encode(payloadType);
  const head = encoder.encode(`DSSEv1 ${type.length} ${payloadType} ${body.length} `);
  const encoded = new Uint8Array(head.length + body.length);
  encoded.set(head);
  encoded.set(body, head.length);
  return encoded;
}

/** Writes an envelope as JSON (envelope.md), in standard base64. */
export function writeEnvelope({ payload, payloadType, signatures }: Envelope): JsonObject {
  return {
    payloadType,
    payload: payload.toBase64(),
    signatures: signatures.map(({ keyId, signature }) => ({ keyid: keyId, sig: signature.toBase64() })),
  };
}

/** Reads an envelope as any signer may have written it: both alphabets of base64, further keys ignored. `undefined`: it is none. */
export function readEnvelope(json: Json): Envelope | undefined {
  if (!isJsonObject(json)) return undefined;
  const { payloadType, signatures } = json;
  const payload = bytesOf(json["payload"]);
  if (typeof payloadType !== "string" || payload === undefined || !isList(signatures)) return undefined;
  const read = signatures.map(readSignature).filter((each) => each !== undefined);
  const isWhole = read.length === signatures.length && read.length > 0;
  return isWhole ? { payloadType, payload, signatures: read } : undefined;
}

function readSignature(json: Json): EnvelopeSignature | undefined {
  if (!isJsonObject(json)) return undefined;
  const { keyid = "" } = json;
  const signature = bytesOf(json["sig"]);
  return typeof keyid === "string" && signature !== undefined ? { keyId: keyid, signature } : undefined;
}

function bytesOf(json: Json | undefined): Uint8Array<ArrayBuffer> | undefined {
  if (typeof json !== "string") return undefined;
  try {
    return Uint8Array.fromBase64(json, { alphabet: /[-_]/.test(json) ? "base64url" : "base64" });
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json);
}
