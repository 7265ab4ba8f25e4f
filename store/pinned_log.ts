import { type Checkpoints, isCheckpointDue } from "./checkpoint.ts";
import { extendFold, loadLog } from "./load_log.ts";
import type { LogBackend } from "./log_backend.ts";
import { LogFold, type LogStart } from "./log_fold.ts";
import { type Pin, requirePinned, requireReached } from "./pin.ts";
import type { PinFile } from "./pin_file.ts";
import { openRecord } from "./record_codec.ts";
import type { Verification } from "./verify_records.ts";

/** A store, and what this user remembers of its logs. */
export interface PinnedStore {
  readonly log: LogBackend;
  readonly pinFile: PinFile;
  readonly checkpoints: Checkpoints;
}

/**
 * Loads the log of `environment` as `loadLog` does, which must also hold what this user has seen of it before; from the
 * checkpoint that the user's pin names, if there is one, and else from record 1. A pin of record 1 must be given for that,
 * since it names the log. Starting from a checkpoint tells `see` of the records after it only.
 */
export async function loadPinnedLog(
  store: PinnedStore,
  environment: string,
  verification: Verification,
): Promise<LogFold> {
  const stream = verification.pins.find((pin) => pin.seq === 1)?.hash;
  const seen = stream === undefined ? undefined : await store.pinFile.read(stream);
  if (stream === undefined || seen === undefined) return await loadLog(store.log, environment, verification);
  const { checkpoint, hash, seq } = seen;
  const pins = [...verification.pins, { seq, hash, source: store.pinFile.path }];
  const start = checkpoint === undefined ? undefined : await store.checkpoints.load(environment, checkpoint);
  const pinned = { ...verification, pins };
  return start !== undefined && canStart(start, stream, pins)
    ? await loadFrom(start, store.log, environment, pinned)
    : await loadLog(store.log, environment, pinned);
}

/** Remembers, for this user, what `fold` has verified; keeps a checkpoint when one is due. */
export async function rememberLog(store: PinnedStore, fold: LogFold): Promise<void> {
  const { checkpoints, log, pinFile } = store;
  const { seq, hash } = fold.head;
  if (seq === 0) return;
  // What only stands in the page cache may vanish, and the pin would then refuse an honest log.
  await log.sync(fold.name);
  if (!isCheckpointDue(fold)) return await pinFile.advance(fold.stream, { seq, hash, checkpoint: undefined });
  const before = await pinFile.read(fold.stream);
  const checkpoint = await checkpoints.take(fold);
  await pinFile.advance(fold.stream, { seq, hash, checkpoint });
  if (before?.checkpoint !== undefined && before.checkpoint !== checkpoint) {
    await checkpoints.remove(before.checkpoint);
  }
}

/** A pin between record 1 and the checkpoint can be checked only by walking the chain. */
function canStart(start: LogStart, stream: string, pins: readonly Pin[]): boolean {
  return start.stream === stream && pins.every((pin) => pin.seq === 1 || pin.seq >= start.head.seq);
}

async function loadFrom(
  start: LogStart,
  log: LogBackend,
  environment: string,
  verification: Verification,
): Promise<LogFold> {
  const pins = [...verification.pins, { ...start.head, source: "a checkpoint of this user" }];
  requirePinned(pins, { seq: 1, hash: start.stream }, environment);
  const hash = await hashAt(log, environment, start.head.seq, verification);
  // Walking the whole log then tells where it ends.
  if (hash === undefined) return await loadLog(log, environment, { ...verification, pins });
  requirePinned(pins, { seq: start.head.seq, hash }, environment);
  const fold = new LogFold(environment, start);
  await extendFold(fold, log, { ...verification, pins });
  requireReached(pins, fold.head, environment);
  return fold;
}

async function hashAt(
  log: LogBackend,
  environment: string,
  seq: number,
  verification: Verification,
): Promise<string | undefined> {
  for await (const { bytes } of log.read(environment, seq)) {
    return verification.checks.hash(openRecord(bytes, `${environment} record ${seq}`).canonicalBytes);
  }
  return undefined;
}
