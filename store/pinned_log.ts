import { IntegrityError } from "../engine/integrity_error.ts";
import { compareText } from "../engine/text_order.ts";
import { type Checkpoints, isCheckpointDue } from "./checkpoint.ts";
import { extendFold, loadLog } from "./load_log.ts";
import type { LogBackend } from "./log_backend.ts";
import { LogFold, type LogStart } from "./log_fold.ts";
import { findForks, type Pin, requireReached, standingPins } from "./pin.ts";
import { type PinFile, pinOf } from "./pin_file.ts";
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
  const { checkpoint } = seen;
  const pins = [...verification.pins, pinOf(seen, store.pinFile.path)];
  const start = checkpoint === undefined ? undefined : await store.checkpoints.load(environment, checkpoint);
  const pinned = { ...verification, pins };
  return start?.stream === stream
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
  const losses = fold.environment.durableFacts?.losses ?? [];
  const pin = { seq, hash, checkpoint: undefined, admins: adminsOf(fold) };
  if (!isCheckpointDue(fold)) return await pinFile.advance(fold.stream, pin, losses);
  const before = await pinFile.read(fold.stream);
  const checkpoint = await checkpoints.take(fold);
  await pinFile.advance(fold.stream, { ...pin, checkpoint }, losses);
  if (before?.checkpoint !== undefined && before.checkpoint !== checkpoint) {
    await checkpoints.remove(before.checkpoint);
  }
}

function adminsOf({ environment }: LogFold): readonly string[] {
  return [...environment.keys.durable.values()]
    .filter(({ key, isRevoked }) => !isRevoked && key.roles.includes("admin"))
    .map(({ key }) => key.id).sort(compareText);
}

async function loadFrom(
  start: LogStart,
  log: LogBackend,
  environment: string,
  verification: Verification,
): Promise<LogFold> {
  const facts = start.environment.durableFacts;
  const pins = [
    ...standingPins(verification.pins, facts),
    { ...start.head, source: "a checkpoint of this user" },
  ];
  findForks(pins, { seq: 1, hash: start.stream }, environment);
  const leads = await walkChain({ log, environment, start, pins }, verification);
  // Reading the whole log then tells where it ends, or parts from what was seen, and whether that was accepted.
  if (!leads) return await loadLog(log, environment, verification);
  const fold = new LogFold(environment, start);
  await extendFold(fold, log, verification);
  requireReached(standingPins(verification.pins, fold.environment.durableFacts), fold.head, environment);
  return fold;
}

/** A log that is to be read from a checkpoint on. */
interface CheckpointStart {
  readonly log: LogBackend;
  readonly environment: string;
  readonly start: LogStart;
  readonly pins: readonly Pin[];
}

/**
 * Goes from the first pin that lies before the checkpoint, record 1 apart, to the record that the checkpoint names. Each record
 * names the hash of the one before: so they are those that were folded, and no signature needs to be looked at again. Whether
 * the log reaches so far, and holds what is pinned up to there.
 */
async function walkChain(
  { log, environment, start, pins }: CheckpointStart,
  { checks }: Verification,
): Promise<boolean> {
  const { seq: last } = start.head;
  let seq = Math.min(last, ...pins.map((pin) => pin.seq).filter((each) => each > 1));
  let before: string | undefined;
  for await (const { bytes } of log.read(environment, seq)) {
    const where = `${environment} record ${seq}`;
    const { canonicalBytes, prev } = openRecord(bytes, where);
    const hash = checks.hash(canonicalBytes);
    if (before !== undefined && prev !== before) throw brokenLink(where, prev, before);
    if (findForks(pins, { seq, hash }, environment).length > 0) return false;
    if (seq === last) return true;
    before = hash;
    seq++;
  }
  return false;
}

function brokenLink(where: string, found: string, wanted: string): IntegrityError {
  return new IntegrityError("chain", where, `Cannot trust ${where}: it follows "${found}", not "${wanted}"`);
}
