import { fstatSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";

/** One call of the runtime about a file or folder. */
export interface FileCall {
  /** The runtime's own name of it, without `Sync`: `open`, `read`, `write`, `syncData`, `rename`, … */
  readonly name: string;
  /** The file; of a call that has two, the one that is changed or made. */
  readonly path: string;
  /** Whether something is changed, or made durable. */
  readonly isChange: boolean;
}

/** What sees the calls. What `before` throws is what the call fails with; `after` hears only of those that went well. */
export interface FileWatch {
  before(call: FileCall): void;
  after(call: FileCall): void;
}

type AnyCall = (...args: readonly unknown[]) => unknown;

const LOOKS = ["readFile", "readTextFile", "stat", "lstat", "realPath"];
const CHANGES = ["mkdir", "remove", "writeFile", "writeTextFile", "rename", "link", "truncate", "chmod"];
const FILE_LOOKS = ["read", "stat", "tryLock"];
const FILE_CHANGES = ["write", "sync", "syncData", "truncate"];
/** Of what Node's interface opens. */
const HANDLE_CHANGES = ["writeFile", "sync", "datasync"];
/** Of these the second path is the one that is made. */
const WITH_TARGET: ReadonlySet<string> = new Set(["rename", "link"]);

/**
 * Every call of this process about files, waited for or not, while it lives; one at a time may. Each folder has a watch of its
 * own, so that many projects can be worked on side by side.
 */
export class WatchedFiles implements Disposable {
  readonly #watches = new Map<string, FileWatch>();
  readonly #paths = new WeakMap<object, string>();
  readonly #restores: (() => void)[] = [];

  constructor() {
    const path = (_: unknown, args: readonly unknown[]) => textOf(args[0]);
    const target = (_: unknown, args: readonly unknown[]) => textOf(args[1]);
    const opened = (file: unknown) => this.#pathOfOpen(file);
    for (const name of LOOKS) this.#wrap(Deno, name, (...call) => this.#find(name, path(...call), "look"));
    for (const name of CHANGES) {
      const pathOf = WITH_TARGET.has(name) ? target : path;
      this.#wrap(Deno, name, (...call) => this.#find(name, pathOf(...call), "change"));
    }
    const { prototype } = Deno.FsFile;
    for (const name of FILE_LOOKS) {
      this.#wrap(prototype, name, (file) => this.#find(name, opened(file), "look"));
    }
    for (const name of FILE_CHANGES) {
      this.#wrap(prototype, name, (file) => this.#find(name, opened(file), "change"));
    }
    for (const name of HANDLE_CHANGES) {
      this.#wrap(HANDLES, name, (handle) => this.#findOpen(name, handle));
    }
    this.#wrapOpening();
    this.#wrapReadDir();
  }

  /** Lets `watch` see the calls about what lies below `folder`, until what is given back is disposed. */
  watch(folder: string, watch: FileWatch): Disposable {
    this.#watches.set(folder, watch);
    return { [Symbol.dispose]: () => void this.#watches.delete(folder) };
  }

  [Symbol.dispose](): void {
    for (const restore of this.#restores.reverse()) restore();
  }

  #pathOfOpen(file: unknown): string {
    return typeof file === "object" && file !== null ? this.#paths.get(file) ?? "" : "";
  }

  #find(name: string, path: string, kind: "look" | "change"): Watched | undefined {
    for (const [folder, watch] of this.#watches) {
      if (path.startsWith(`${folder}/`)) return { watch, call: { name, path, isChange: kind === "change" } };
    }
    return undefined;
  }

  #findOpen(name: string, handle: unknown): Watched | undefined {
    for (const [folder, watch] of this.#watches) {
      const path = pathOfHandle(folder, handle);
      if (path !== undefined) return { watch, call: { name, path, isChange: true } };
    }
    return undefined;
  }

  #wrapOpening(): void {
    const about = (_: unknown, [path, options]: readonly unknown[]) =>
      this.#find("open", textOf(path), isMaking(options) ? "change" : "look");
    this.#wrap(Deno, "open", about, (file, [path]) => {
      if (typeof file === "object" && file !== null) this.#paths.set(file, textOf(path));
    });
  }

  #wrapReadDir(): void {
    const { readDir } = Deno;
    const find = (path: string | URL) => this.#find("readDir", textOf(path), "look");
    Object.assign(Deno, {
      readDir: async function* (path: string | URL): AsyncGenerator<Deno.DirEntry> {
        const found = find(path);
        found?.watch.before(found.call);
        yield* readDir(path);
      },
    });
    this.#restores.push(() => void Object.assign(Deno, { readDir }));
  }

  /** Puts a watched function in the place of `name` and of `nameSync`, where there are such. */
  #wrap(
    owner: object,
    name: string,
    about: (self: unknown, args: readonly unknown[]) => Watched | undefined,
    note: (result: unknown, args: readonly unknown[]) => void = () => {},
  ): void {
    for (const each of [name, `${name}Sync`]) {
      const original: unknown = Reflect.get(owner, each);
      if (!isCall(original)) continue;
      const end = (found: Watched | undefined, result: unknown, args: readonly unknown[]) => {
        note(result, args);
        found?.watch.after(found.call);
        return result;
      };
      Object.assign(owner, {
        [each](this: unknown, ...args: readonly unknown[]) {
          const found = about(this, args);
          const begin = () => {
            found?.watch.before(found.call);
            return Reflect.apply(original, this, args);
          };
          if (each !== name) return end(found, begin(), args);
          return Promise.resolve().then(begin).then((result: unknown) => end(found, result, args));
        },
      });
      this.#restores.push(() => void Object.assign(owner, { [each]: original }));
    }
  }
}

/** What all that Node's interface opens has in common; only something open tells it. */
const HANDLES = await prototypeOfHandles();

async function prototypeOfHandles(): Promise<object> {
  await using handle = await open(new URL(import.meta.url));
  return Object.getPrototypeOf(handle);
}

/** The path below `folder` of what `handle` has open, which does not say it: the one with the same inode. */
function pathOfHandle(folder: string, handle: unknown): string | undefined {
  if (typeof handle !== "object" || handle === null || !("fd" in handle)) return undefined;
  const { fd } = handle;
  return typeof fd === "number" ? pathOfInode(folder, fstatSync(fd).ino) : undefined;
}

/** Those of the runtime itself, which nobody watches. */
const { lstatSync, readDirSync } = Deno;

function pathOfInode(folder: string, inode: number): string | undefined {
  for (const { name, isDirectory } of readDirSync(folder)) {
    const path = join(folder, name);
    if (lstatSync(path).ino === inode) return path;
    const inner = isDirectory ? pathOfInode(path, inode) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** A call, and who watches it. */
interface Watched {
  readonly watch: FileWatch;
  readonly call: FileCall;
}

function isMaking(options: unknown): boolean {
  return typeof options === "object" && options !== null &&
    Object.entries(options).some(([key, value]) => key.startsWith("create") && value === true);
}

function textOf(path: unknown): string {
  return path instanceof URL ? path.pathname : String(path);
}

function isCall(value: unknown): value is AnyCall {
  return typeof value === "function";
}
