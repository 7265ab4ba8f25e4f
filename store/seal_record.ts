import { type LogRecord, recordText } from "../engine/record.ts";
import type { Hash } from "../trust/blake3.ts";
import type { Signer } from "../trust/signer.ts";
import { signedStatement } from "../trust/statement.ts";
import { storedBytes } from "./record_codec.ts";

/** A record ready to be stored: its bytes are made once and sent until the answer is definite. */
export interface SealedRecord {
  readonly record: LogRecord;
  readonly hash: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Hashes and signs a record. */
export async function sealRecord(record: LogRecord, hash: Hash, signer: Signer): Promise<SealedRecord> {
  const canonicalBytes = new TextEncoder().encode(recordText(record));
  const recordHash = hash(canonicalBytes);
  const signature = await signer.sign(signedStatement(record.stream, record.seq, recordHash));
  return { record, hash: recordHash, bytes: storedBytes(canonicalBytes, signature) };
}
