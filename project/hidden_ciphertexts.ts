import { join } from "node:path";
import { fileErrorReason, isMissing } from "./_file_error.ts";
import type { KeptPlace } from "./kept_place.ts";
import { mentions } from "./source_ciphertexts.ts";
import { displayName, isInside, isSearched, isSourceName, realRoot } from "./source_files_find.ts";
import { PROJECT_LIMIT_BYTES } from "./source_files_read.ts";

/** How many files and folders are looked at, at most. */
export const HIDDEN_LIMIT = 1_000_000;

/** Ciphertexts that a command which is given their file would use, and which the search for files does not find. */
export interface HiddenCiphertexts {
  /** Names of files, by the data key of the ciphertexts in them. */
  readonly files: ReadonlyMap<string, readonly string[]>;
  /** What could not be looked at. */
  readonly unseen: readonly KeptPlace[];
}

/**
 * Looks for the bare text of ciphertexts in all files below `root` that smelt would read if it were given their names, but for
 * those in `read`: in folders that begin with a dot, in `dist`, `node_modules` and `target` too. What a link leads to outside of
 * the project is looked at as well, but not what links in there lead to. Where it cannot be read, it is passed over if the link
 * stands in a folder that smelt does not search: packages have many of them.
 */
export async function hiddenCiphertexts(
  root: string,
  read: ReadonlySet<string>,
  limit = HIDDEN_LIMIT,
): Promise<HiddenCiphertexts> {
  const search = new HiddenSearch(await realRoot(root), read, limit);
  await search.visit(search.root, { isHidden: false, isOutside: false });
  return search;
}

/** Where a search is. `hidden`: in a folder that the search for files skips. */
interface Stand {
  readonly isHidden: boolean;
  readonly isOutside: boolean;
}

class HiddenSearch implements HiddenCiphertexts {
  readonly files = new Map<string, readonly string[]>();
  readonly unseen: KeptPlace[] = [];
  readonly root: string;
  readonly #read: ReadonlySet<string>;
  readonly #limit: number;
  readonly #outside = new Set<string>();
  #count = 0;
  #sizeBytes = 0;

  constructor(root: string, read: ReadonlySet<string>, limit: number) {
    this.root = root;
    this.#read = read;
    this.#limit = limit;
  }

  async visit(folder: string, stand: Stand): Promise<void> {
    for (const entry of await this.#entriesOf(folder, stand)) {
      if (++this.#count > this.#limit) return this.#endAt(folder);
      const path = join(folder, entry.name);
      if (entry.isSymlink) await this.#follow(path, stand);
      else if (entry.isDirectory) {
        await this.visit(path, isSearched(entry.name) ? stand : { ...stand, isHidden: true });
      } else if (entry.isFile && isSourceName(entry.name)) await this.#look(path, stand);
    }
  }

  /** What lies in the project is met by its own name. */
  async #follow(path: string, stand: Stand): Promise<void> {
    const beyond = { ...stand, isOutside: true };
    const led = await this.#trying(path, beyond, async () => {
      return { ...await Deno.stat(path), realPath: await Deno.realPath(path) };
    });
    if (led === undefined || isInside(this.root, led.realPath) || this.#outside.has(led.realPath)) return;
    this.#outside.add(led.realPath);
    if (led.isFile && isSourceName(path)) await this.#look(path, beyond);
    // A folder above the project holds it, and all else.
    const isWorthIt = led.isDirectory && !stand.isOutside && !isInside(led.realPath, this.root);
    if (isWorthIt) await this.visit(path, beyond);
  }

  async #entriesOf(folder: string, stand: Stand): Promise<readonly Deno.DirEntry[]> {
    return await this.#trying(folder, stand, () => Array.fromAsync(Deno.readDir(folder))) ?? [];
  }

  async #look(path: string, stand: Stand): Promise<void> {
    const name = displayName(this.root, path);
    if (this.#read.has(name)) return;
    this.#sizeBytes += (await this.#trying(path, stand, () => Deno.stat(path)))?.size ?? 0;
    if (this.#sizeBytes > PROJECT_LIMIT_BYTES) return this.#endAt(path);
    const bytes = await this.#trying(path, stand, () => Deno.readFile(path));
    for (const key of mentions(new TextDecoder().decode(bytes)).keys()) {
      this.files.set(key, [...this.files.get(key) ?? [], name]);
    }
  }

  /** What is gone by now holds nothing; what else keeps this from being done is noted. */
  async #trying<T>(path: string, stand: Stand, look: () => Promise<T>): Promise<T | undefined> {
    try {
      return await look();
    } catch (error) {
      const reason = fileErrorReason(error);
      if (reason === undefined) throw error;
      if (!isMissing(error)) this.#miss(path, reason, stand);
      return undefined;
    }
  }

  #miss(path: string, reason: string, { isHidden, isOutside }: Stand): void {
    if (isHidden && isOutside) return;
    const place = displayName(this.root, path) || ".";
    const hint = isOutside ? REMOVE_LINK : MAKE_READABLE;
    this.unseen.push({ place, why: `Cannot look for ciphertexts in it: ${reason}`, hint });
  }

  #endAt(path: string): void {
    const place = displayName(this.root, path) || ".";
    if (this.unseen.some(({ hint }) => hint === MOVE_OUT)) return;
    this.unseen.push({
      place,
      why: "the search for ciphertexts ends here: the project holds too much",
      hint: MOVE_OUT,
    });
  }
}

const MAKE_READABLE = "make it readable, or move it out of the project";
const REMOVE_LINK = "let smelt read what the link leads to, or remove the link";
const MOVE_OUT = "move what is none of the project out of its folder";
