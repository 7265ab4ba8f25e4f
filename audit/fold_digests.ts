import type { CheckpointDigest } from "../store/checkpoint_digest.ts";
import type { StoredRecord } from "../store/log_backend.ts";
import { LogFold } from "../store/log_fold.ts";
import { type Verification, verifyRecords } from "../store/verify_records.ts";
import type { AuditSubject } from "./audit_subject.ts";
import type { LogSurvey } from "./log_survey.ts";

/**
 * What checkpoints at each of `seqs` must say; nothing for one that the log does not reach. Folds the verified log once more,
 * from its first record. Signatures are not looked at again: that the records are those of the survey follows from the hash
 * of the last one.
 */
export async function foldDigests(
  subject: AuditSubject,
  survey: LogSurvey,
  seqs: readonly number[],
): Promise<ReadonlyMap<number, CheckpointDigest>> {
  const wanted = [...new Set(seqs)].filter((seq) => seq >= 1 && seq <= survey.head.seq);
  wanted.sort((one, other) => one - other);
  const digests = new Map<number, CheckpointDigest>();
  const fold = new LogFold(subject.environment);
  const verification = chainOnly(subject, survey, wanted.at(-1) ?? 0);
  for (const seq of wanted) {
    const rest = subject.log.read(subject.environment, fold.head.seq + 1);
    await verifyRecords(fold, upTo(rest, seq), verification);
    digests.set(seq, subject.checkpoint(fold));
  }
  return digests;
}

/** Each record names the hash of the one before: when the record `last` is the one that was seen, all before it are. */
function chainOnly({ checks }: AuditSubject, { hashes }: LogSurvey, last: number): Verification {
  return {
    checks: { ...checks, verifySignature: () => Promise.resolve() },
    pins: [{ seq: last, hash: hashes[last - 1] ?? "", source: "the first reading" }],
    see: () => {},
  };
}

async function* upTo(records: AsyncIterable<StoredRecord>, seq: number): AsyncGenerator<StoredRecord> {
  for await (const stored of records) {
    yield stored;
    if (stored.seq >= seq) return;
  }
}
