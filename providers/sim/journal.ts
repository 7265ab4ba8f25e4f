import type { Clock } from "../../engine/clock.ts";
import type { Random } from "../../engine/random.ts";
import type { ValueRecord } from "../../engine/value.ts";
import { AccountKey } from "./account_key.ts";
import { makeAccountKey, readAccountKey } from "./account_key_file.ts";
import { type CloudState, emptyCloud, evolve } from "./cloud_state.ts";
import type { Access } from "./cloud_store.ts";
import type { Fact } from "./fact.ts";
import { openFact, parseFact, writeFact } from "./fact_codec.ts";
import { newAccount } from "./new_account.ts";

/** The journal, or the key beside it, is not what the sim cloud wrote. */
export class BrokenJournal extends Error {
  override readonly name = "BrokenJournal";
}

/** What the journal is kept with. */
export interface JournalParts {
  readonly folder: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Told of the key of the account when it is read or made. */
  noteKey(key: Uint8Array): void;
}

/** What of the journal is folded already. */
interface Known {
  readonly cloud: CloudState;
  readonly key: AccountKey;
  /** The file that it was read from, told from one put in its place. */
  readonly file: string;
  /** Bytes up to and with the last newline. */
  readonly end: number;
  readonly lineCount: number;
}

const NEWLINE = 10;

const EXCLUSIVE = true;

/**
 * The append-only file `journal.jsonl` of the sim cloud, a fact a line.
 *   J1. All reading and writing happens under the exclusive OS lock of the file itself.
 *   J2. Each transaction reads from the known end on and appends; nothing is ever written twice or read twice.
 *   J3. A last line without newline was never acknowledged. The next writer cuts it off; a reader passes it over.
 *   J4. A write that fails makes nothing known: the file is read again from its start.
 */
export class Journal {
  readonly #folder: string;
  readonly #path: string;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #noteKey: JournalParts["noteKey"];
  #known: Known | undefined;

  constructor({ folder, clock, random, noteKey }: JournalParts) {
    this.#folder = folder;
    this.#path = `${folder}/journal.jsonl`;
    this.#clock = clock;
    this.#random = random;
    this.#noteKey = noteKey;
  }

  /** Runs `work` on the newest state under the lock and makes durable what it appends. Throws when that fails. */
  async locked(work: (access: Access) => void): Promise<void> {
    const { file, identity, size } = await this.#openLocked();
    try {
      const before = this.#known;
      this.#known = undefined;
      const known = await this.#catchUp(file, before, { identity, size });
      const lines: string[] = [];
      const append = (fact: Fact<ValueRecord>): void => {
        evolve(known.cloud, fact);
        lines.push(`${writeFact(fact, known.key)}\n`);
      };
      if (known.cloud.account === "") append(this.#opening());
      work({ cloud: known.cloud, key: known.key, append });
      const written = await write(file, { end: known.end, size, text: lines.join("") });
      this.#known = { ...known, end: known.end + written, lineCount: known.lineCount + lines.length };
    } finally {
      file.close();
    }
  }

  #opening(): Fact<ValueRecord> {
    return { fact: "Opened", format: 1, account: newAccount(this.#random), at: this.#clock.wallMs() };
  }

  /** Opens and locks the file that stands at the path: one that was removed while we waited is not it. */
  async #openLocked(): Promise<{ file: Deno.FsFile; identity: string; size: number }> {
    await Deno.mkdir(this.#folder, { recursive: true, mode: 0o700 });
    for (;;) {
      const file = await Deno.open(this.#path, { read: true, append: true, create: true, mode: 0o600 });
      const locked = await lockFile(file, this.#path);
      if (locked !== undefined) return { file, ...locked };
      file.close();
    }
  }

  async #catchUp(
    file: Deno.FsFile,
    known: Known | undefined,
    { identity, size }: { readonly identity: string; readonly size: number },
  ): Promise<Known> {
    const from = known !== undefined && known.file === identity && known.end <= size
      ? known
      : await this.#start(identity, size);
    const tail = await readTail(file, from.end, size);
    const end = tail.lastIndexOf(NEWLINE) + 1;
    if (end === 0) return from;
    const lines = new TextDecoder().decode(tail.subarray(0, end - 1)).split("\n");
    lines.forEach((line, index) => this.#take(from, line, from.lineCount + index + 1));
    return { ...from, end: from.end + end, lineCount: from.lineCount + lines.length };
  }

  async #start(identity: string, size: number): Promise<Known> {
    const bytes = await readAccountKey(this.#folder);
    if (bytes === undefined && size > 0) {
      throw new BrokenJournal(`"${this.#folder}/account.key" is missing or damaged`);
    }
    const key = bytes ?? await makeAccountKey(this.#folder, this.#random);
    this.#noteKey(key);
    const account = new AccountKey(key, this.#random);
    return { cloud: emptyCloud(), key: account, file: identity, end: 0, lineCount: 0 };
  }

  #take(known: Known, line: string, lineNumber: number): void {
    const stored = parseFact(line);
    if (stored === undefined) throw new BrokenJournal(`"${this.#path}" holds no fact at line ${lineNumber}`);
    try {
      evolve(known.cloud, openFact(stored, known.key));
    } catch (error) {
      throw new BrokenJournal(`"${this.#path}" holds a damaged fact at line ${lineNumber}`, { cause: error });
    }
  }
}

/** Locks; `undefined` when the path does not hold this file any more. */
async function lockFile(
  file: Deno.FsFile,
  path: string,
): Promise<{ identity: string; size: number } | undefined> {
  await file.lock(EXCLUSIVE);
  const own = await file.stat();
  try {
    const found = await Deno.stat(path);
    return identityOf(found) === identityOf(own) ? { identity: identityOf(own), size: own.size } : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function identityOf(stat: Deno.FileInfo): string {
  return `${stat.dev} ${stat.ino} ${stat.birthtime?.getTime() ?? 0}`;
}

async function readTail(file: Deno.FsFile, end: number, size: number): Promise<Uint8Array> {
  const tail = new Uint8Array(size - end);
  if (tail.length > 0) await file.seek(end, Deno.SeekMode.Start);
  let filled = 0;
  while (filled < tail.length) {
    const count = await file.read(tail.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return tail.subarray(0, filled);
}

/** Cuts what was never finished, appends `text` and syncs. Returns the bytes written. */
async function write(
  file: Deno.FsFile,
  { end, size, text }: { readonly end: number; readonly size: number; readonly text: string },
): Promise<number> {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length === 0) return 0;
  if (size > end) await file.truncate(end);
  let written = 0;
  while (written < bytes.length) written += await file.write(bytes.subarray(written));
  await file.syncData();
  return bytes.length;
}
