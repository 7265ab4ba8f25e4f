import { Replay, type VerifiedLog } from "../audit/verified_log.ts";
import { invariant } from "../engine/invariant.ts";
import { checkpointDigest, type FoldedPart } from "../store/checkpoint_digest.ts";
import { recordRoot } from "../store/record_tree.ts";
import type { CheckpointStatement } from "../store/signed_checkpoint.ts";
import type { VerifiedRecord } from "../store/verify_records.ts";
import type { Hash } from "../trust/blake3.ts";
import { loadSha256 } from "../trust/sha256.ts";

/** A log that verifies to its end, folded from record 1 up to one of its records. */
export interface FoldedLog {
  readonly fold: FoldedPart;
  /** Those that were folded, the first one first. */
  readonly records: readonly VerifiedRecord[];
}

/** Folds the log of the environment `name` up to the record `seq`, or to its end where that comes first. */
export function foldLog(name: string, { records: all, stream }: VerifiedLog, seq: number): FoldedLog {
  const records = all.slice(0, seq);
  const replay = new Replay();
  for (const each of records) replay.take(each);
  replay.environment.commit();
  const head = { seq: records.length, hash: records.at(-1)?.hash ?? "" };
  return { fold: { name, stream, head, environment: replay.environment }, records };
}

/** What a checkpoint says of it. */
export async function statementOf(hash: Hash, { fold, records }: FoldedLog): Promise<CheckpointStatement> {
  const facts = fold.environment.durableFacts;
  invariant(facts !== undefined, "A log that verifies has been opened");
  const { project, environment } = facts.opened;
  return {
    project,
    environment,
    stream: fold.stream,
    head: fold.head,
    recordRoot: recordRoot(await loadSha256(), records.map((each) => each.hash)),
    ...checkpointDigest(hash, fold),
  };
}
