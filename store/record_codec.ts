import { IntegrityError } from "../engine/integrity_error.ts";
import { isJsonObject, type Json, type JsonObject } from "../engine/json.ts";
import { RECORD_VERSION } from "../engine/record.ts";
import { fromBase64url, toBase64url } from "../trust/base64url.ts";
import { readCanonical } from "./canonical_text.ts";

/** Stands between canonical JSON, which cannot hold it, and signature. */
export const TAB = 0x09;

/** Characters of a signature, 64 bytes by either algorithm, in base64url. */
export const SIGNATURE_TEXT_LENGTH = 86;

const KEYS: readonly string[] = ["at", "by", "events", "prev", "run", "seq", "stream", "v"];

/** A stored record, taken apart. Its events are not read yet: that comes after its signature is known to be good. */
export interface OpenedRecord {
  readonly stream: string;
  readonly seq: number;
  readonly prev: string;
  readonly at: string;
  readonly run: string;
  readonly by: string;
  readonly events: readonly Json[];
  /** What is hashed: the stored bytes before the TAB. */
  readonly canonicalBytes: Uint8Array;
  readonly signature: Uint8Array<ArrayBuffer>;
}

/** Puts canonical bytes and signature together as they are stored. */
export function storedBytes(canonicalBytes: Uint8Array, signature: Uint8Array): Uint8Array<ArrayBuffer> {
  const signatureText = new TextEncoder().encode(toBase64url(signature));
  const bytes = new Uint8Array(canonicalBytes.length + 1 + signatureText.length);
  bytes.set(canonicalBytes);
  bytes[canonicalBytes.length] = TAB;
  bytes.set(signatureText, canonicalBytes.length + 1);
  return bytes;
}

/**
 * Takes stored bytes apart; `where` names the place. Throws an `IntegrityError` unless they are exactly what
 * `storedBytes` makes of a record: UTF-8, one TAB, canonical JSON, the keys of a record, base64url without padding.
 */
export function openRecord(bytes: Uint8Array, where: string): OpenedRecord {
  const tab = bytes.indexOf(TAB);
  if (tab < 0) throw malformed(where, "it has no TAB before a signature");
  const canonicalBytes = bytes.subarray(0, tab);
  const json = readCanonical(decodeText(canonicalBytes, where));
  if (!isJsonObject(json)) throw malformed(where, "it is not a JSON object in canonical form");
  const signature = fromBase64url(decodeText(bytes.subarray(tab + 1), where));
  if (signature === undefined) throw malformed(where, "its signature is not base64url without padding");
  return { ...readFrame(json, where), canonicalBytes, signature };
}

function readFrame(
  json: JsonObject,
  where: string,
): Omit<OpenedRecord, "canonicalBytes" | "signature"> {
  requireKnown(json, where);
  const { at, by, events, prev, run, seq, stream } = json;
  if (typeof seq !== "number" || !Number.isSafeInteger(seq) || seq < 1) {
    throw malformed(where, 'its "seq" is not a whole number from 1');
  }
  if (!isList(events) || events.length === 0) throw malformed(where, "it has no events");
  return {
    stream: text(stream, "stream", where),
    seq,
    prev: text(prev, "prev", where),
    at: text(at, "at", where),
    run: text(run, "run", where),
    by: text(by, "by", where),
    events,
  };
}

function requireKnown(json: JsonObject, where: string): void {
  const missing = KEYS.find((key) => !Object.hasOwn(json, key));
  if (missing !== undefined) throw malformed(where, `it has no "${missing}"`);
  const { v } = json;
  if (v !== RECORD_VERSION) {
    throw newer(
      where,
      `it is of record format ${JSON.stringify(v)}, and this version reads ${RECORD_VERSION}`,
    );
  }
  const unknown = Object.keys(json).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw newer(where, `it has an unknown key "${unknown}"`);
}

function text(json: Json | undefined, name: string, where: string): string {
  if (typeof json !== "string") throw malformed(where, `its "${name}" is not text`);
  return json;
}

function decodeText(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw malformed(where, "it is not UTF-8", error);
  }
}

function malformed(where: string, why: string, cause?: unknown): IntegrityError {
  return new IntegrityError("malformed", where, `Cannot read ${where}: ${why}`, { cause });
}

function newer(where: string, why: string): IntegrityError {
  return new IntegrityError(
    "version",
    where,
    `Cannot read ${where}: ${why}; it needs a newer version of smelt, the one that wrote it`,
  );
}

function isList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json);
}
