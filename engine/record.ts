import { canonicalJson } from "./canonical_json.ts";
import type { Event } from "./event.ts";
import type { Json } from "./json.ts";

/** The version of the record format that this program writes. */
export const RECORD_VERSION = 1;

/** The unit of durability and of signature, as its canonical JSON holds it. */
export interface LogRecord {
  readonly v: typeof RECORD_VERSION;
  /** Hash of record 1; empty in record 1 itself. */
  readonly stream: string;
  /** 1 is the first. */
  readonly seq: number;
  /** Hash of the record before; empty in record 1. */
  readonly prev: string;
  /** Wall time of its making, RFC 3339 in UTC. For people. */
  readonly at: string;
  /** The run that wrote it: 128 random bits, in hex. */
  readonly run: string;
  /** The key that signed it, by id. */
  readonly by: string;
  readonly events: readonly Event[];
}

/** The canonical text of a record: what is hashed, stored and, by its hash, signed. */
export function recordText(record: LogRecord): string {
  return canonicalJson(record as unknown as Json);
}
