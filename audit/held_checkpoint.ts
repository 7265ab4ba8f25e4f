import { invariant } from "../engine/invariant.ts";
import { recordRoot } from "../store/record_tree.ts";
import type { CheckpointDigest } from "../store/checkpoint_digest.ts";
import type { LogFold } from "../store/log_fold.ts";
import { loadSha256 } from "../trust/sha256.ts";
import { type AuditCheck, counted, failed, passed } from "./audit_report.ts";
import type { LogSurvey } from "./log_survey.ts";
import {
  type CheckpointFile,
  checkpointKeys,
  openCheckpoint,
  type OpenedCheckpoint,
  originFault,
  signatureFault,
  type Witnesses,
  witnessFault,
} from "./open_checkpoint.ts";

/** A checkpoint that was signed earlier and kept in another place, to hold the log against. */
export interface HeldCheckpoint {
  readonly file: CheckpointFile;
  readonly witnesses: Witnesses;
}

/** A log that was read to its end, and verifies. */
export interface ReadLog {
  readonly fold: LogFold;
  readonly survey: LogSurvey;
  /** What checkpoints say at the records that somebody asked for, that of the held one among them. */
  readonly digests: ReadonlyMap<number, CheckpointDigest>;
}

/** The record that it is of, where it can be read. */
export function heldSeq(held: HeldCheckpoint | undefined): readonly number[] {
  const opened = held === undefined ? undefined : openCheckpoint(held.file);
  return opened?.ok === true ? [opened.value.statement.head.seq] : [];
}

/** V13. Whether the log holds what the checkpoint says, and whether those vouch for it who should. */
export async function heldCheck({ file, witnesses }: HeldCheckpoint, log: ReadLog): Promise<AuditCheck> {
  const opened = openCheckpoint(file);
  const fault = opened.ok ? await heldFault(opened.value, witnesses, log) : opened.error;
  if (fault !== undefined) return failed("V13", fault);
  const seq = opened.ok ? opened.value.statement.head.seq : 0;
  const cosigned = witnesses.required === 0
    ? ""
    : `, cosigned by ${counted(witnesses.required, "witness", "es")}`;
  return passed("V13", `"${file.source}" is of record ${seq}${cosigned}`);
}

async function heldFault(
  opened: OpenedCheckpoint,
  witnesses: Witnesses,
  log: ReadLog,
): Promise<string | undefined> {
  const { fold } = log;
  const facts = fold.environment.durableFacts;
  invariant(facts !== undefined, "A log that verifies has been opened");
  const keys = checkpointKeys(fold.environment.keys.durable.values());
  return originFault(opened, { ...facts.opened, stream: fold.stream }) ??
    await signatureFault(opened, keys) ??
    await witnessFault(opened, witnesses) ??
    await contentFault(opened, log);
}

/** Why the log says otherwise. The root over its records follows from its last one, unless a signer told two things at once. */
async function contentFault(
  { source, statement }: OpenedCheckpoint,
  { digests, survey }: ReadLog,
): Promise<string | undefined> {
  const { head, object, root } = statement;
  if (head.seq > survey.head.seq) {
    return `The log ends with record ${survey.head.seq}, and "${source}" is of record ${head.seq}: ` +
      "it was set back, or records were taken off its end";
  }
  const found = survey.hashes[head.seq - 1];
  if (found !== head.hash) {
    return `Record ${head.seq} of the log is ${found}, and "${source}" names ${head.hash}: the log was forked before it`;
  }
  const folded = digests.get(head.seq);
  const records = recordRoot(await loadSha256(), survey.hashes.slice(0, head.seq));
  const isSame = records === statement.recordRoot && folded?.root === root && folded.object === object;
  return isSame ? undefined : `The roots in "${source}" are not those of the log up to record ${head.seq}`;
}
