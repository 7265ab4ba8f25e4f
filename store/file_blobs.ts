import { dirname, join } from "node:path";
import { IntegrityError } from "../engine/integrity_error.ts";
import { type Random, randomId } from "../engine/random.ts";
import { compareText } from "../engine/text_order.ts";
import type { BlobBackend } from "./blob_backend.ts";
import { requireBlobName } from "./blob_name.ts";
import { makePrivateFolder } from "./private_folder.ts";
import { isRegularFile } from "./regular_file.ts";
import { syncFolder } from "./sync_folder.ts";
import { writeAll } from "./write_all.ts";

const FILE_MODE = 0o600;
/** No name of a blob begins with a dot. */
const TEMPORARY = ".new-";

/**
 * Blobs as files of one folder that only its owner can enter. A blob appears under its name whole or not at all: it is
 * written and synced under another name, and linked, which fails when the name is taken.
 */
export class FileBlobs implements BlobBackend {
  readonly #folder: string;
  readonly #random: Random;

  constructor(folder: string, random: Random) {
    this.#folder = folder;
    this.#random = random;
  }

  async get(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (await isRegularFile(this.#path(name)) === false) throw noFile(name);
    try {
      return await Deno.readFile(this.#path(name));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  }

  async putIfAbsent(name: string, bytes: Uint8Array): Promise<"stored" | "exists"> {
    const path = this.#path(name);
    const folder = dirname(path);
    await makePrivateFolder(this.#folder, folder);
    const temporary = join(folder, `${TEMPORARY}${randomId(this.#random)}`);
    try {
      await writeNew(temporary, bytes);
      const answer = await linkIfAbsent(temporary, path);
      // What exists may have been linked by a process that died before it was durable.
      await syncFolder(folder);
      return answer;
    } finally {
      await removeIfThere(temporary);
    }
  }

  async list(prefix: string): Promise<readonly string[]> {
    const names: string[] = [];
    for await (const name of namesUnder(this.#folder, "", prefix)) {
      if (name.startsWith(prefix)) names.push(name);
    }
    return names.sort(compareText);
  }

  async remove(name: string): Promise<void> {
    const path = this.#path(name);
    if (await removeIfThere(path)) await syncFolder(dirname(path));
  }

  /** Removes what was written before this moment, in milliseconds since 1970, by processes that died before it was a blob. */
  async removeUnfinished(beforeMs: number): Promise<void> {
    for (const { name, isDirectory } of await entriesOf(this.#folder)) {
      const folder = join(this.#folder, name);
      for (const file of isDirectory ? await entriesOf(folder) : []) {
        if (!file.name.startsWith(TEMPORARY)) continue;
        const path = join(folder, file.name);
        const writtenMs = await writtenAt(path);
        if (writtenMs !== undefined && writtenMs < beforeMs) await removeIfThere(path);
      }
    }
  }

  #path(name: string): string {
    requireBlobName(name);
    return join(this.#folder, name);
  }
}

function noFile(name: string): IntegrityError {
  return new IntegrityError(
    "blob",
    `blob ${name}`,
    `Cannot read the blob ${name}: what bears its name is not a file`,
  );
}

async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true, mode: FILE_MODE });
  await writeAll(file, bytes);
  await file.sync();
}

async function linkIfAbsent(source: string, target: string): Promise<"stored" | "exists"> {
  try {
    await Deno.link(source, target);
    return "stored";
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return "exists";
    throw error;
  }
}

async function writtenAt(path: string): Promise<number | undefined> {
  try {
    return (await Deno.lstat(path)).mtime?.getTime();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function removeIfThere(path: string): Promise<boolean> {
  try {
    await Deno.remove(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Names below `folder`, which is called `path` in them, as far as they can begin with `wanted`. */
async function* namesUnder(folder: string, path: string, wanted: string): AsyncGenerator<string> {
  for (const entry of await entriesOf(folder)) {
    const name = `${path}${entry.name}`;
    if (!entry.isDirectory) {
      if (!entry.name.startsWith(".")) yield name;
    } else if (`${name}/`.startsWith(wanted) || wanted.startsWith(`${name}/`)) {
      yield* namesUnder(join(folder, entry.name), `${name}/`, wanted);
    }
  }
}

async function entriesOf(folder: string): Promise<Deno.DirEntry[]> {
  try {
    return await Array.fromAsync(Deno.readDir(folder));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
