import { join } from "node:path";
import type { VerifiedLog } from "../audit/verified_log.ts";
import { IntegrityError } from "../engine/integrity_error.ts";
import type { Notice } from "../project/notice.ts";
import type {
  ExcusedPin,
  LoggedEnvironment,
  LostPin,
  PinCoverage,
  WantedEnvironment,
} from "../project/project_ports.ts";
import { CONFIG_FILE_NAME, type ProjectPaths, userStateFolder } from "../project/project_paths.ts";
import { Checkpoints } from "../store/checkpoint.ts";
import { FileLog } from "../store/file_log.ts";
import { loadLog } from "../store/load_log.ts";
import type { LogFold } from "../store/log_fold.ts";
import { excusedPins, type Pin, standingPins } from "../store/pin.ts";
import { PinFile, pinOf } from "../store/pin_file.ts";
import { loadPinnedLog, type PinnedStore, rememberLog } from "../store/pinned_log.ts";
import { loadRecordChecks, type RecordChecks } from "../store/record_checks.ts";
import type { VerifiedRecord } from "../store/verify_records.ts";
import { wholeRecordTest } from "../store/whole_record.ts";
import { type CheckpointPins, checkpointPins } from "./checkpoint_pin.ts";
import type { Outside } from "./outside.ts";
import { areAccepted, loadRestoredLog } from "./restored_log.ts";
import { movePin } from "./user_pin.ts";

/** The logs of a project's environments, what verifying them takes, and what this user remembers of them. */
export interface LogParts {
  /** The folder of the project. */
  readonly root: string;
  readonly log: FileLog;
  readonly checks: RecordChecks;
  /** `undefined` where no home folder is known: then only `smelt.toml` pins. */
  readonly pinned: PinnedStore | undefined;
}

/** Opens the folder of logs of a project; makes nothing. */
export async function openLogFolder(outside: Outside, paths: ProjectPaths): Promise<LogParts> {
  const checks = await loadRecordChecks();
  const { clock } = outside;
  const holder = `process ${Deno.pid} on ${outside.host}`;
  const log = new FileLog(paths.logFolder, { clock, holder, isWholeRecord: wholeRecordTest(checks) });
  const home = userStateFolder(outside.readVariable);
  const { root } = paths;
  if (home === undefined) return { root, log, checks, pinned: undefined };
  const pinFile = new PinFile(join(home, "pins.json"), { clock, holder });
  const checkpoints = new Checkpoints(join(paths.dataFolder, "checkpoints"), checks.hash);
  return { root, log, checks, pinned: { log, pinFile, checkpoints } };
}

/** Every record of an environment that is known to have been there: by `smelt.toml`, by a checkpoint, and by this user. */
export async function knownPins(
  { pinned, root }: LogParts,
  wanted: LoggedEnvironment,
): Promise<CheckpointPins> {
  const { pins, requireSigned } = await checkpointPins(root, wanted);
  const written = [...writtenPins(wanted), ...pins];
  const seen = await pinned?.pinFile.read(wanted.firstRecord);
  if (pinned === undefined || seen === undefined || seen.seq === 1) return { pins: written, requireSigned };
  return { pins: [...written, pinOf(seen, pinned.pinFile.path)], requireSigned };
}

/** The records that `smelt.toml` names. */
function writtenPins({ firstRecord, pin }: LoggedEnvironment): readonly Pin[] {
  const source = CONFIG_FILE_NAME;
  const first = { seq: 1, hash: firstRecord, source };
  return pin === undefined ? [first] : [first, { ...pin, source, isWritten: true }];
}

/** A log that has been verified, and up to where a pin covered it. */
export interface LoadedLog {
  readonly fold: LogFold;
  readonly coverage: PinCoverage;
  /** Pins that the log does not hold, where it was asked to tell them. */
  readonly lost: readonly LostPin[];
  readonly excused: readonly ExcusedPin[];
  /** Remembers, for this user, what has been verified and is durable; says so where that cannot be written. */
  remember(): Promise<Notice | undefined>;
}

/** Loads and verifies the log of an environment from where this user may start. */
export async function loadEnvironmentLog(
  parts: LogParts,
  wanted: Omit<WantedEnvironment, "purpose">,
  see: (verified: VerifiedRecord) => void,
): Promise<LoadedLog> {
  const { pinned } = parts;
  const { pins: known, requireSigned } = await knownPins(parts, wanted);
  const { fold, lost } = wanted.lost === "told"
    ? await loadRestoredLog(parts, { name: wanted.name, pins: [...known, ...wanted.pins ?? []] }, see)
    : { fold: await loadHeldLog(parts, wanted, see), lost: [] };
  requireName(fold, wanted.name);
  // Who signed a checkpoint may stand in the lost part.
  if (!lost.some((each) => each.isWritten)) await requireSigned(fold);
  const seen = await pinned?.pinFile.read(wanted.firstRecord);
  const facts = fold.environment.durableFacts;
  return {
    fold,
    coverage: {
      coveredTo: Math.max(1, ...standingPins(known, facts).map(({ seq }) => seq)),
      source: seen === undefined ? CONFIG_FILE_NAME : "user",
    },
    lost,
    excused: excusedPins(known, facts),
    remember: async () =>
      // A log whose loss nobody has accepted moves no pin, however long it has become.
      pinned === undefined || !areAccepted(fold, lost.filter((each) => !each.isWritten))
        ? undefined
        : await movePin(pinned, () => rememberLog(pinned, fold)),
  };
}

/** Loads a log that holds all that is pinned. */
async function loadHeldLog(
  { checks, log, pinned, root }: LogParts,
  wanted: Omit<WantedEnvironment, "purpose">,
  see: (verified: VerifiedRecord) => void,
): Promise<LogFold> {
  const checkpoint = await checkpointPins(root, wanted);
  const pins = [...writtenPins(wanted), ...checkpoint.pins, ...wanted.pins ?? []];
  const verification = { checks, pins, see };
  return pinned === undefined
    ? await loadLog(log, wanted.name, verification)
    : await loadPinnedLog(pinned, wanted.name, verification);
}

/** All records of a log, from record 1 on whatever this user remembers, verified to its end. */
export async function readWholeLog(parts: LogParts, wanted: LoggedEnvironment): Promise<VerifiedLog> {
  const { pins, requireSigned } = await knownPins(parts, wanted);
  const { checks, log } = parts;
  const records: VerifiedRecord[] = [];
  const fold = await loadLog(log, wanted.name, { checks, pins, see: (each) => void records.push(each) });
  await requireSigned(fold);
  return { records, head: fold.head, stream: fold.stream };
}

/** The log of another environment of the project, put in the place of this one, is refused. */
function requireName(fold: LogFold, name: string): void {
  const found = fold.environment.durableFacts?.opened.environment;
  if (found === name) return;
  throw new IntegrityError(
    "chain",
    `${name} record 1`,
    `Cannot use the log of "${name}": it is the log of "${found}"`,
  );
}
