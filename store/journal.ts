import type { Clock } from "../engine/clock.ts";
import type { Signer } from "../trust/signer.ts";
import { GroupJournal } from "./group_journal.ts";
import type { Journal } from "./journal_port.ts";
import { loadLog } from "./load_log.ts";
import type { LogBackend, Repair } from "./log_backend.ts";
import type { LogFold } from "./log_fold.ts";
import type { Pin } from "./pin.ts";
import type { RecordChecks } from "./record_checks.ts";
import type { VerifiedRecord } from "./verify_records.ts";

/** What a journal is made of. */
export interface JournalParts {
  readonly log: LogBackend;
  readonly checks: RecordChecks;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly observer: JournalObserver;
}

/** Hears of what happens to the log. */
export interface JournalObserver {
  /** A record is durable and folded: one of this journal, or one that another has appended. */
  onRecord(verified: VerifiedRecord): void;
  /** A backend has mended the unfinished end of the log before it wrote. */
  onRepair(repair: Repair): void;
}

/** A journal with a life: what its owner, and nobody else, does with it. */
export interface OpenJournal extends Journal {
  /** Gives up: what waits rejects with `reason`, and so does every later append. */
  close(reason: Error): void;
}

/** Verifies the whole log of `environment` and opens it for appending. It must hold record 1 and what `pins` name. */
export async function openJournal(
  parts: JournalParts,
  environment: string,
  pins: readonly Pin[],
): Promise<OpenJournal> {
  const { checks, log, observer } = parts;
  const fold = await loadLog(log, environment, { checks, pins, see: (each) => observer.onRecord(each) });
  return await continueJournal(parts, fold);
}

/** Opens a log that was verified before for appending, with what others have appended since. */
export async function continueJournal(parts: JournalParts, fold: LogFold): Promise<OpenJournal> {
  const journal = new GroupJournal(parts, fold);
  await journal.refresh();
  // What was read may stand in the page cache only; nothing is decided on it before it is durable.
  await parts.log.sync(fold.name);
  if (fold.head.seq === 0) throw new Error(`Cannot open the log of "${fold.name}": it has no record`);
  return journal;
}
