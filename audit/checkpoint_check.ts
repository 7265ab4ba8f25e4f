import type { CheckpointTaken } from "../engine/environment_event.ts";
import type { StoredRecord } from "../store/log_backend.ts";
import { LogFold } from "../store/log_fold.ts";
import { type Verification, verifyRecords } from "../store/verify_records.ts";
import { type AuditCheck, counted, failed, passed } from "./audit_report.ts";
import type { AuditSubject } from "./audit_subject.ts";

/** V10. Folds the log once more, from its first record, and compares at each checkpoint. */
export async function checkpointCheck(
  subject: AuditSubject,
  checkpoints: readonly CheckpointTaken[],
): Promise<AuditCheck> {
  if (checkpoints.length === 0) return passed("V10", "The log names no checkpoint");
  const fold = new LogFold(subject.environment);
  const verification = { checks: subject.checks, pins: subject.pins, see: (): void => {} };
  const findings: string[] = [];
  for (const taken of [...checkpoints].sort((one, other) => one.seq - other.seq)) {
    await foldTo(subject, fold, { seq: taken.seq, verification });
    const { root, object } = subject.checkpoint(fold);
    if (root === taken.root && object === taken.object && fold.head.seq === taken.seq) continue;
    findings.push(`The checkpoint of record ${taken.seq} is not what the log folds to`);
  }
  const count = counted(checkpoints.length, "checkpoint");
  return findings.length === 0 ? passed("V10", count) : failed("V10", findings[0] ?? count, findings);
}

async function foldTo(
  subject: AuditSubject,
  fold: LogFold,
  target: { readonly seq: number; readonly verification: Verification },
): Promise<void> {
  const rest = subject.log.read(subject.environment, fold.head.seq + 1);
  await verifyRecords(fold, upTo(rest, target.seq), target.verification);
}

async function* upTo(records: AsyncIterable<StoredRecord>, seq: number): AsyncGenerator<StoredRecord> {
  for await (const stored of records) {
    if (stored.seq > seq) return;
    yield stored;
  }
}
