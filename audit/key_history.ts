import type { TrustedKey } from "../engine/environment_event.ts";
import type { Event } from "../engine/event.ts";
import type { VerifiedRecord } from "../store/verify_records.ts";

/** What the log says of one key. */
export interface KeyEntry {
  readonly key: TrustedKey;
  /** The record that trusted it first, and the one that said its roles last. */
  readonly trustedSeq: number;
  readonly rolesSeq: number;
  /** `undefined` while it may sign. */
  readonly revoked: KeyRevocation | undefined;
}

/** That a key signs nothing any more. */
export interface KeyRevocation {
  readonly seq: number;
  /** Wall time that the writer noted, RFC 3339. */
  readonly at: string;
  readonly reason: string;
  /** The record from which auditors should doubt what the key signed. */
  readonly suspectFrom: number | undefined;
}

/** Tells of every key in the order in which they were trusted. `records` are all of a log, verified, from the first one on. */
export function keyHistory(records: Iterable<VerifiedRecord>): readonly KeyEntry[] {
  const entries = new Map<string, KeyEntry>();
  for (const { record, voids } of records) {
    const isVoid = new Set(voids.map((each) => each.position.index));
    for (const [index, event] of record.events.entries()) {
      if (!isVoid.has(index)) learn(entries, event, record);
    }
  }
  return [...entries.values()];
}

function learn(
  entries: Map<string, KeyEntry>,
  event: Event,
  { seq, at }: VerifiedRecord["record"],
): void {
  switch (event.type) {
    case "EnvironmentOpened":
      return event.keys.forEach((key) => trust(entries, key, seq));
    case "KeyTrusted":
      return trust(entries, event.key, seq);
    case "KeyRevoked": {
      const known = entries.get(event.keyId);
      const { reason, suspectFrom } = event;
      const revoked = { seq, at, reason, suspectFrom };
      if (known !== undefined) entries.set(event.keyId, { ...known, revoked });
      return;
    }
    default:
      return;
  }
}

function trust(entries: Map<string, KeyEntry>, key: TrustedKey, seq: number): void {
  const trustedSeq = entries.get(key.id)?.trustedSeq ?? seq;
  entries.set(key.id, { key, trustedSeq, rolesSeq: seq, revoked: undefined });
}
