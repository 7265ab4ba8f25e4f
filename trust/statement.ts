import { invariant } from "../engine/invariant.ts";

/** Says what is signed and in which form, so that no signature of smelt can be taken for one of another kind. */
const DOMAIN_TAG = "smelt.record.v1";
const UNSAVED_TAG = "smelt.unsaved.v1";
const PLAN_TAG = "smelt.plan.v1";
const KEY_TAG = "smelt.key.v1";
const STAND_IN_TAG = "smelt.stand-in.v1";
const LENGTH_BYTES = 4;

/**
 * The bytes that the signature of a record covers. Four parts in this order, each preceded by its length in bytes as a
 * 32-bit big-endian number:
 *
 *   part    bytes
 *   tag     `smelt.record.v1` in ASCII                                       (15 bytes)
 *   stream  the hash of record 1 in lower-case hex, ASCII; empty in record 1  (64 or 0 bytes)
 *   seq     the seq in decimal digits without leading zeros, ASCII            (1 to 16 bytes)
 *   hash    the BLAKE3 of the record's canonical bytes in lower-case hex      (64 bytes)
 *
 * At most 175 bytes, since a remote key signs at most 4,096.
 */
export function signedStatement(stream: string, seq: number, hash: string): Uint8Array<ArrayBuffer> {
  invariant(Number.isSafeInteger(seq) && seq >= 1, "The seq of a record is a whole number from 1");
  return inParts([DOMAIN_TAG, stream, `${seq}`, hash]);
}

/**
 * The bytes that the signature of outcomes kept outside the log covers: laid out as those of a record, with the tag
 * `smelt.unsaved.v1`, the stream that they belong to, and the BLAKE3 of their canonical bytes.
 */
export function unsavedStatement(stream: string, hash: string): Uint8Array<ArrayBuffer> {
  return inParts([UNSAVED_TAG, stream, hash]);
}

/** The same for a saved plan, with the tag `smelt.plan.v1`. */
export function planStatement(stream: string, hash: string): Uint8Array<ArrayBuffer> {
  return inParts([PLAN_TAG, stream, hash]);
}

/**
 * What a key signs to prove that its holder has it: the tag `smelt.key.v1` and the BLAKE3 of the canonical form of what it says
 * of itself. It belongs to no log yet, so there is no stream.
 */
export function keyStatement(hash: string): Uint8Array<ArrayBuffer> {
  return inParts([KEY_TAG, hash]);
}

/** The same by which a key vouches for another one that stands in for it, with the tag `smelt.stand-in.v1` and the id of that key. */
export function standInStatement(stream: string, keyId: string): Uint8Array<ArrayBuffer> {
  return inParts([STAND_IN_TAG, stream, keyId]);
}

function inParts(texts: readonly string[]): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const parts = texts.map((part) => encoder.encode(part));
  const sizeBytes = parts.reduce((sum, part) => sum + LENGTH_BYTES + part.length, 0);
  const statement = new Uint8Array(sizeBytes);
  const view = new DataView(statement.buffer);
  let offset = 0;
  for (const part of parts) {
    view.setUint32(offset, part.length);
    statement.set(part, offset + LENGTH_BYTES);
    offset += LENGTH_BYTES + part.length;
  }
  return statement;
}
