import { basename, dirname, join } from "node:path";
import type { AcceptedLoss } from "../engine/accepted_loss.ts";
import { canonicalJson, parseCanonicalJson } from "../engine/canonical_json.ts";
import { IntegrityError } from "../engine/integrity_error.ts";
import { isJsonObject, type Json } from "../engine/json.ts";
import { type LockWait, takeLock } from "./file_lock.ts";
import { makePrivateFolder } from "./private_folder.ts";
import type { Pin } from "./pin.ts";
import { syncFolder } from "./sync_folder.ts";
import { writeAll } from "./write_all.ts";

const FILE_MODE = 0o600;
const HASH_REGEXP = /^[0-9a-f]{64}$/;

/** What this user has seen of one log: the last durable record of a verified command. */
export interface StoredPin {
  readonly seq: number;
  readonly hash: string;
  /** The hash of a checkpoint that this machine folded itself. */
  readonly checkpoint: string | undefined;
  /** The keys with the role `admin` at that record: nobody else can accept its loss. `undefined` in older files. */
  readonly admins?: readonly string[];
}

/** The pin that a stored one is. */
export function pinOf({ seq, hash, admins }: StoredPin, source: string): Pin {
  return admins === undefined ? { seq, hash, source } : { seq, hash, source, admins: new Set(admins) };
}

/**
 * The pins of one user, by stream, in one file outside of all stores: whoever can write a store cannot set it back. Moved
 * forward only, under a lock; replaced whole, and only its owner can read it.
 */
export class PinFile {
  readonly path: string;
  readonly #wait: LockWait;

  constructor(path: string, wait: LockWait) {
    this.path = path;
    this.#wait = wait;
  }

  /** The pin of `stream`; `undefined` when this user has never seen it. Throws an `IntegrityError` when the file is damaged. */
  async read(stream: string): Promise<StoredPin | undefined> {
    return (await this.#readAll()).get(stream);
  }

  /**
   * Moves the pin of `stream` to `pin`, unless it is further already. Throws an `IntegrityError` when it names another
   * record of the same seq. Without a checkpoint the one of before stays named. A record of before that is among `losses`, which
   * the log of `pin` has accepted, is left behind, with its checkpoint: only so a pin goes back.
   */
  async advance(stream: string, pin: StoredPin, losses: readonly AcceptedLoss[] = []): Promise<void> {
    const folder = dirname(this.path);
    await makePrivateFolder(folder, folder);
    const lockPath = `${this.path}.lock`;
    using lock = await Deno.open(lockPath, { read: true, write: true, create: true, mode: FILE_MODE });
    await takeLock(lock, lockPath, this.#wait);
    const pins = await this.#readAll();
    const stored = pins.get(stream);
    const isLost = losses.some(({ lostSeq, lostHash }) =>
      lostSeq === stored?.seq && lostHash === stored.hash
    );
    const before = isLost ? undefined : stored;
    if (before !== undefined && before.seq > pin.seq) return;
    if (before?.seq === pin.seq && before.hash !== pin.hash) throw this.#forked(before, pin);
    const after = { ...pin, checkpoint: pin.checkpoint ?? before?.checkpoint };
    if (isSame(stored, after)) return;
    await this.#replace(new Map([...pins, [stream, after]]));
  }

  async #readAll(): Promise<Map<string, StoredPin>> {
    try {
      return this.#parse(await Deno.readTextFile(this.path));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return new Map();
      throw error;
    }
  }

  async #replace(pins: ReadonlyMap<string, StoredPin>): Promise<void> {
    const folder = dirname(this.path);
    const temporary = join(folder, `.${basename(this.path)}.new`);
    await writeWhole(temporary, formatPins(pins));
    await Deno.rename(temporary, this.path);
    await syncFolder(folder);
  }

  #parse(text: string): Map<string, StoredPin> {
    const json = parseCanonicalJson(text.trimEnd());
    if (!isJsonObject(json)) throw this.#damaged();
    const pins = new Map<string, StoredPin>();
    for (const [stream, each] of Object.entries(json)) {
      const pin = readPin(each);
      if (pin === undefined || !HASH_REGEXP.test(stream)) throw this.#damaged();
      pins.set(stream, pin);
    }
    return pins;
  }

  #damaged(): IntegrityError {
    return new IntegrityError(
      "pin",
      this.path,
      `Cannot read the pins in "${this.path}": the file is damaged; without it no set-back of a log can be seen`,
    );
  }

  #forked(before: StoredPin, pin: StoredPin): IntegrityError {
    return new IntegrityError(
      "pin",
      this.path,
      `Cannot move the pin in "${this.path}": it names the record ${before.hash} at ${before.seq}, found ${pin.hash}`,
    );
  }
}

async function writeWhole(path: string, text: string): Promise<void> {
  using file = await Deno.open(path, { write: true, create: true, truncate: true, mode: FILE_MODE });
  await writeAll(file, new TextEncoder().encode(text));
  await file.sync();
}

function formatPins(pins: ReadonlyMap<string, StoredPin>): string {
  const json: Record<string, Json> = {};
  for (const [stream, { seq, hash, checkpoint, admins }] of pins) {
    json[stream] = {
      seq,
      hash,
      ...(checkpoint === undefined ? {} : { checkpoint }),
      ...(admins === undefined ? {} : { admins: [...admins] }),
    };
  }
  return `${canonicalJson(json)}\n`;
}

function readPin(json: Json): StoredPin | undefined {
  if (!isJsonObject(json)) return undefined;
  const { seq, hash, checkpoint, admins } = json;
  if (typeof seq !== "number" || !Number.isSafeInteger(seq) || seq < 1) return undefined;
  if (typeof hash !== "string" || !HASH_REGEXP.test(hash)) return undefined;
  if (checkpoint !== undefined && !isHash(checkpoint)) return undefined;
  if (admins === undefined) return { seq, hash, checkpoint };
  return Array.isArray(admins) && admins.every(isHash) ? { seq, hash, checkpoint, admins } : undefined;
}

function isHash(json: Json): json is string {
  return typeof json === "string" && HASH_REGEXP.test(json);
}

function isSame(before: StoredPin | undefined, after: StoredPin): boolean {
  return before?.seq === after.seq && before.hash === after.hash && before.checkpoint === after.checkpoint &&
    before.admins?.join() === after.admins?.join();
}
