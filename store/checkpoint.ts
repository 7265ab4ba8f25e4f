import { dirname, join } from "node:path";
import type { Hash } from "../trust/blake3.ts";
import { checkpointText, readCheckpoint } from "./checkpoint_codec.ts";
import type { LogFold, LogStart } from "./log_fold.ts";
import { makePrivateFolder } from "./private_folder.ts";
import { isRegularFile } from "./regular_file.ts";
import { syncFolder } from "./sync_folder.ts";
import { writeAll } from "./write_all.ts";

/** A log that has grown by less is folded as quickly as a checkpoint of it is read. */
const LEAST_GROWTH_BYTES = 1 << 20;

/**
 * Folds of whole logs, kept as files of one folder under their BLAKE3. A cache: one that is missing or is not what its
 * name says is passed over. Which of them to start from is for its caller to know; a file being there says nothing.
 */
export class Checkpoints {
  readonly #folder: string;
  readonly #hash: Hash;

  constructor(folder: string, hash: Hash) {
    this.#folder = folder;
    this.#hash = hash;
  }

  /** Keeps what `fold` has folded, and returns its name. Durable once it resolves. */
  async take(fold: LogFold): Promise<string> {
    const bytes = new TextEncoder().encode(checkpointText(fold));
    const name = this.#hash(bytes);
    await makePrivateFolder(dirname(this.#folder), this.#folder);
    const temporary = join(this.#folder, `.${name}.new`);
    await removeIfThere(temporary);
    await writeNew(temporary, bytes);
    await Deno.rename(temporary, this.#path(name));
    await syncFolder(this.#folder);
    fold.noteCheckpoint(bytes.length);
    return name;
  }

  /** The fold of the log of `environment` that is named `name`; `undefined` when there is none that is what its name says. */
  async load(environment: string, name: string): Promise<LogStart | undefined> {
    const bytes = await this.#readFile(name);
    if (bytes === undefined || this.#hash(bytes) !== name) return undefined;
    const found = readCheckpoint(new TextDecoder().decode(bytes));
    return found?.name === environment ? { ...found, sizeBytes: bytes.length } : undefined;
  }

  /** Removes one that nobody starts from any more; it need not be there. */
  async remove(name: string): Promise<void> {
    await removeIfThere(this.#path(name));
  }

  async #readFile(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (!(await isRegularFile(this.#path(name)))) return undefined;
    try {
      return await Deno.readFile(this.#path(name));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  }

  #path(name: string): string {
    return join(this.#folder, `${name}.json`);
  }
}

/** Whether the log has grown so much since the last checkpoint that another pays. */
export function isCheckpointDue(fold: LogFold): boolean {
  return fold.grownBytes > Math.max(fold.checkpointBytes, LEAST_GROWTH_BYTES);
}

async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true });
  await writeAll(file, bytes);
  await file.sync();
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
