import { dirname, join } from "node:path";
import { IntegrityError } from "../engine/integrity_error.ts";
import { type LockWait, noteHolder, takeLock } from "./file_lock.ts";
import { type FileLine, readLines } from "./file_lines.ts";
import type { AppendAnswer, LogBackend, Repair, StoredRecord } from "./log_backend.ts";
import { openQuickly, statBoth, writeAt } from "./quick_file.ts";
import { isRegularFile } from "./regular_file.ts";
import { repairTail } from "./repair_tail.ts";
import { syncFolder } from "./sync_folder.ts";
import {
  afterLine,
  judgeTail,
  LOG_START,
  type LogEnd,
  type LogTail,
  markTorn,
  readTail,
  type TailJudge,
} from "./torn_tail.ts";

const SUFFIX = ".log";
const NAME_REGEXP = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;
const NEWLINE = 0x0a;

/** Whether `candidate`, the end of a log that lacks its line end, is a record that verifies after those `before`. */
export type WholeRecordTest = (
  environment: string,
  before: AsyncIterable<StoredRecord>,
  candidate: StoredRecord,
) => Promise<boolean>;

/** What a file log is made of. */
export interface FileLogParts extends LockWait {
  readonly isWholeRecord: WholeRecordTest;
}

/** What this process knows of the file of one environment. */
interface Known {
  /** Device and inode: another file of the same name is another log. */
  readonly identity: string;
  readonly end: LogEnd;
}

/** A file that was opened and found to be the known one. */
interface Opened extends Known {
  readonly sizeBytes: number;
}

/**
 * Logs as files of one folder, `<environment>.log`, one record a line, for the processes of one machine.
 *
 *   F1. Only an appender changes the file, and only under the operating system's lock; readers stop before an unfinished line.
 *   F2. What an append that was cut short has left is mended before the next is written, and told.
 *   F3. A failed write or sync ends this log for this process: the pages may be gone though a later sync succeeds.
 *   F4. An append costs what it appends, whatever the size of the log.
 *   F5. A file that was replaced or became shorter since it was read is not appended to.
 */
export class FileLog implements LogBackend {
  readonly #folder: string;
  readonly #parts: FileLogParts;
  readonly #known = new Map<string, Known>();
  readonly #failures = new Map<string, unknown>();
  /** Environments whose lock this process has noted itself at, as long as no other appends. */
  readonly #hasNoted = new Set<string>();
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(folder: string, parts: FileLogParts) {
    this.#folder = folder;
    this.#parts = parts;
  }

  /** Throws an `IntegrityError` when the line end of the last record was damaged. */
  async *read(environment: string, fromSeq: number): AsyncGenerator<StoredRecord> {
    const { end, torn } = yield* this.#readWhole(environment, fromSeq);
    if (torn !== undefined) await judgeTail(torn, this.#judge(environment, end.seq + 1));
  }

  /** Appends of this process take turns; those of others are kept off by the lock. */
  async append(environment: string, seq: number, bytes: Uint8Array): Promise<AppendAnswer> {
    const turn = (this.#turns.get(environment) ?? Promise.resolve()).then(() =>
      this.#appendAlone(environment, seq, bytes)
    );
    this.#turns.set(environment, Promise.allSettled([turn]));
    return await turn;
  }

  async sync(environment: string): Promise<void> {
    using file = await this.#openToRead(environment);
    if (file === undefined) return;
    await this.#ending(environment, async () => {
      await file.syncData();
      await syncFolder(this.#folder);
    });
  }

  async environments(): Promise<readonly string[]> {
    const names: string[] = [];
    try {
      for await (const entry of Deno.readDir(this.#folder)) {
        if (entry.isFile && entry.name.endsWith(SUFFIX)) names.push(entry.name.slice(0, -SUFFIX.length));
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    return names.sort();
  }

  async #appendAlone(environment: string, seq: number, bytes: Uint8Array): Promise<AppendAnswer> {
    if (this.#failures.has(environment)) {
      throw new Error(`Cannot append to the log of "${environment}": writing it has failed before`, {
        cause: this.#failures.get(environment),
      });
    }
    using file = await this.#openToAppend(environment, seq);
    await takeLock(file, this.#path(environment), this.#parts);
    const known = this.#identify(environment, file);
    const { identity } = known;
    const { end, repair } = await this.#mend(environment, file, known);
    this.#note(environment, { identity, end });
    if (seq <= end.seq) return repair === undefined ? { kind: "taken" } : { kind: "taken", repaired: repair };
    if (seq > end.seq + 1) throw gap(environment, seq, end.seq);
    await this.#ending(environment, () => this.#write(file, end, bytes));
    this.#note(environment, { identity, end: { seq, offset: end.offset + bytes.length + 1 } });
    return { kind: "stored", repaired: repair };
  }

  /** Reads what others have appended, and mends an unfinished end. */
  async #mend(
    environment: string,
    file: Deno.FsFile,
    known: Opened,
  ): Promise<{ readonly end: LogEnd; readonly repair: Repair | undefined }> {
    const path = this.#path(environment);
    const isUntouched = known.sizeBytes === known.end.offset;
    if (!isUntouched || !this.#hasNoted.has(environment)) {
      await noteHolder(path, this.#parts);
      this.#hasNoted.add(environment);
    }
    const tail = isUntouched ? { end: known.end, torn: undefined } : await readTail(file, known.end);
    const judge = this.#judge(environment, tail.end.seq + 1);
    return await this.#ending(environment, () => repairTail({ file, path, judge }, tail));
  }

  #judge(environment: string, seq: number): TailJudge {
    const { isWholeRecord } = this.#parts;
    return {
      where: `${environment} record ${seq}`,
      isWhole: (bytes) => isWholeRecord(environment, this.#readWhole(environment, 1), { seq, bytes }),
    };
  }

  /** Yields the whole lines, and returns what stands after them. */
  async *#readWhole(environment: string, fromSeq: number): AsyncGenerator<StoredRecord, LogTail> {
    using file = await this.#openToRead(environment);
    if (file === undefined) return { end: LOG_START, torn: undefined };
    const known = this.#identify(environment, file);
    let end = known.end.seq < fromSeq ? known.end : LOG_START;
    let torn: FileLine | undefined;
    for await (const { line, isTorn } of markTorn(readLines(file, end.offset))) {
      if (isTorn) {
        torn = line;
        break;
      }
      end = afterLine(end, line);
      if (end.seq >= fromSeq) yield { seq: end.seq, bytes: line.bytes };
    }
    this.#note(environment, { identity: known.identity, end });
    return { end, torn };
  }

  async #write(file: Deno.FsFile, end: LogEnd, bytes: Uint8Array): Promise<void> {
    const line = new Uint8Array(bytes.length + 1);
    line.set(bytes);
    line[bytes.length] = NEWLINE;
    writeAt(file, end.offset, line);
    await file.syncData();
    if (end.seq > 0) return;
    await syncFolder(this.#folder);
    await syncFolder(dirname(this.#folder));
  }

  /** Runs a change of the file; when it fails, nothing can be said of the file any more. */
  async #ending<T>(environment: string, change: () => Promise<T>): Promise<T> {
    try {
      return await change();
    } catch (error) {
      this.#failures.set(environment, error);
      throw error;
    }
  }

  /** Makes sure that the open file is the one that bears the name, that was read before, and that has not shrunk. */
  #identify(environment: string, file: Deno.FsFile): Opened {
    // Taken before the file is looked at: an append of meanwhile must not make it seem too short.
    const before = this.#known.get(environment);
    const { open, named } = statBoth(file, this.#path(environment));
    const identity = `${open.dev} ${open.ino}`;
    const known = before ?? { identity, end: LOG_START };
    if (known.identity !== identity || `${named.dev} ${named.ino}` !== identity) throw replaced(environment);
    if (open.size < known.end.offset) throw shrunk(environment, known.end.seq);
    return { ...known, sizeBytes: open.size };
  }

  #note(environment: string, known: Known): void {
    const before = this.#known.get(environment);
    if (before === undefined || before.end.seq <= known.end.seq) this.#known.set(environment, known);
  }

  async #openToRead(environment: string): Promise<Deno.FsFile | undefined> {
    if (await isRegularFile(this.#path(environment)) === false) throw noFile(environment);
    try {
      return await Deno.open(this.#path(environment));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      if (this.#known.has(environment)) throw replaced(environment);
      return undefined;
    }
  }

  async #openToAppend(environment: string, seq: number): Promise<Deno.FsFile> {
    const create = seq === 1;
    if (create) await Deno.mkdir(this.#folder, { recursive: true });
    try {
      return openQuickly(this.#path(environment), { read: true, write: true, create });
    } catch (error) {
      if (error instanceof Deno.errors.NotFound && !this.#known.has(environment)) {
        throw gap(environment, seq, 0);
      }
      throw error;
    }
  }

  #path(environment: string): string {
    if (!NAME_REGEXP.test(environment)) throw new RangeError(`Cannot name a log "${environment}"`);
    return join(this.#folder, `${environment}${SUFFIX}`);
  }
}

function gap(environment: string, seq: number, last: number): Error {
  return new RangeError(
    `Cannot append record ${seq} to the log of "${environment}": it ends with record ${last}`,
  );
}

function noFile(environment: string): IntegrityError {
  return new IntegrityError(
    "malformed",
    environment,
    `Cannot read the log of "${environment}": what bears its name is not a file`,
  );
}

function replaced(environment: string): Error {
  return new Error(
    `Cannot go on with the log of "${environment}": its file was replaced while it was in use`,
  );
}

function shrunk(environment: string, seq: number): IntegrityError {
  return new IntegrityError(
    "chain",
    `${environment} record ${seq}`,
    `Cannot trust the log of "${environment}": it became shorter, record ${seq} was read before and is gone`,
  );
}
