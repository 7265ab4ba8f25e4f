import type { CheckpointTaken } from "../engine/environment_event.ts";
import type { CheckpointDigest } from "../store/checkpoint_digest.ts";
import { type AuditCheck, counted, failed, passed } from "./audit_report.ts";

/** V10. Compares each checkpoint that the log names with what the log folds to there. */
export function checkpointCheck(
  checkpoints: readonly CheckpointTaken[],
  digests: ReadonlyMap<number, CheckpointDigest>,
): AuditCheck {
  if (checkpoints.length === 0) return passed("V10", "The log names no checkpoint");
  const findings = checkpoints.filter(({ seq, root, object }) => {
    const folded = digests.get(seq);
    return folded?.root !== root || folded.object !== object;
  }).map(({ seq }) => `The checkpoint of record ${seq} is not what the log folds to`);
  const count = counted(checkpoints.length, "checkpoint");
  return findings.length === 0 ? passed("V10", count) : failed("V10", findings[0] ?? count, findings);
}
