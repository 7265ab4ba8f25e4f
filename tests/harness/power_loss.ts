import { dirname, join } from "node:path";
import type { FileCall, FileWatch } from "./watched_files.ts";

/** What a disk holds of a folder for certain: files by inode as they were synced last, and names as their folder was. */
interface Durable {
  readonly names: Map<string, Map<string, number>>;
  readonly contents: Map<number, Uint8Array<ArrayBuffer>>;
}

/**
 * A disk below one folder that loses everything that was not synced when its power fails, at the change of a given number: what
 * was written to a file since it was synced, and names that were made, renamed or removed since their folder was. From then on
 * every call fails but for those about what is another's. Harsher than real disks, which may keep more.
 */
export class FragileDisk implements FileWatch {
  readonly #root: string;
  readonly #failAt: number;
  readonly #isKept: (path: string) => boolean;
  readonly #durable: Durable = { names: new Map(), contents: new Map() };
  changeCount = 0;

  /** What `isKept` says no to is another's, and loses nothing. */
  constructor(root: string, failAt: number, isKept: (path: string) => boolean) {
    this.#root = root;
    this.#failAt = failAt;
    this.#isKept = isKept;
    this.#noteAll(root);
  }

  before(call: FileCall): void {
    if (!this.#isKept(call.path)) return;
    if (call.isChange && this.changeCount < this.#failAt) this.changeCount++;
    if (this.changeCount >= this.#failAt) throw new Error("The power has failed");
  }

  after({ name, path }: FileCall): void {
    if (name !== "sync" && name !== "syncData") return;
    if (Deno.lstatSync(path).isDirectory) this.#noteFolder(path);
    else this.#noteFile(path);
  }

  /** Makes the folder what a disk would hold after the power has failed. */
  restore(): void {
    this.#restoreFolder(this.#root);
  }

  #noteAll(folder: string): void {
    this.#noteFolder(folder);
    for (const { name, isDirectory } of Deno.readDirSync(folder)) {
      const path = join(folder, name);
      if (isDirectory) this.#noteAll(path);
      else this.#noteFile(path);
    }
  }

  #noteFolder(folder: string): void {
    const names = [...Deno.readDirSync(folder)].map(({ name }) =>
      [name, Deno.lstatSync(join(folder, name)).ino ?? 0] as const
    );
    this.#durable.names.set(folder, new Map(names));
    for (const { name, isDirectory } of Deno.readDirSync(folder)) {
      const path = join(folder, name);
      if (isDirectory && !this.#durable.names.has(path)) this.#durable.names.set(path, new Map());
    }
  }

  #noteFile(path: string): void {
    if (!this.#isKept(path)) return;
    this.#durable.contents.set(Deno.lstatSync(path).ino ?? 0, bytesOf(path));
  }

  #restoreFolder(folder: string): void {
    const durable = this.#durable.names.get(folder) ?? new Map<string, number>();
    for (const { name } of Deno.readDirSync(folder)) {
      const path = join(folder, name);
      if (!durable.has(name) && this.#isKept(path)) Deno.removeSync(path, { recursive: true });
    }
    for (const [name, inode] of durable) this.#restoreName(join(folder, name), inode);
  }

  #restoreName(path: string, inode: number): void {
    if (!this.#isKept(path)) return;
    if (this.#durable.names.has(path)) {
      Deno.mkdirSync(path, { recursive: true, mode: 0o700 });
      return this.#restoreFolder(path);
    }
    const bytes = this.#durable.contents.get(inode) ?? new Uint8Array();
    Deno.mkdirSync(dirname(path), { recursive: true });
    const mode = modeOf(path);
    Deno.writeFileSync(path, bytes);
    Deno.chmodSync(path, mode);
  }
}

function bytesOf(path: string): Uint8Array<ArrayBuffer> {
  return Deno.readFileSync(path);
}

/** The mode that a file has; that of a key where it is gone. */
function modeOf(path: string): number {
  try {
    return (Deno.statSync(path).mode ?? 0o600) & 0o777;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0o600;
    throw error;
  }
}
