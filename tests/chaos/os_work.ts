/** Asynchronous functions of the runtime whose work goes on outside of the event loop. */
const FILES = [
  "chmod",
  "copyFile",
  "link",
  "lstat",
  "mkdir",
  "open",
  "readFile",
  "readTextFile",
  "realPath",
  "remove",
  "rename",
  "stat",
  "truncate",
  "writeFile",
  "writeTextFile",
] as const;
const OPEN_FILE = ["lock", "read", "seek", "stat", "truncate", "tryLock", "unlock", "write"] as const;
const SYNCS = ["sync", "syncData"] as const;
const CRYPTO = [
  "decrypt",
  "digest",
  "encrypt",
  "exportKey",
  "generateKey",
  "importKey",
  "sign",
  "verify",
] as const;

/**
 * Counts the work that the operating system and the thread pool have in hand for this process, so that a virtual clock can
 * tell rest from waiting. Nothing is synced meanwhile: no power fails here. Disposing of it puts the runtime's own back.
 */
export class OsWork implements Disposable {
  readonly #own: (() => void)[] = [];
  #count = 0;

  constructor() {
    const crypto_ = Object.getPrototypeOf(crypto.subtle) as object;
    for (const name of FILES) this.#replace(Deno, name);
    for (const name of OPEN_FILE) this.#replace(Deno.FsFile.prototype, name);
    for (const name of CRYPTO) this.#replace(crypto_, name);
    for (const name of SYNCS) this.#replace(Deno.FsFile.prototype, name, () => Promise.resolve());
  }

  /** Calls that have not come to their end. */
  get count(): number {
    return this.#count;
  }

  #replace(holder: object, name: string, instead?: () => Promise<void>): void {
    const own: unknown = Reflect.get(holder, name);
    if (typeof own !== "function") throw new TypeError(`The runtime has no "${name}"`);
    const counted = (answer: unknown) => this.#counted(answer);
    const call = function (this: unknown, ...args: readonly unknown[]): unknown {
      return counted(instead === undefined ? Reflect.apply(own, this, args) : instead());
    };
    Reflect.set(holder, name, call);
    this.#own.push(() => void Reflect.set(holder, name, own));
  }

  #counted(answer: unknown): unknown {
    if (!(answer instanceof Promise)) return answer;
    this.#count++;
    const end = () => void this.#count--;
    answer.then(end, end);
    return answer;
  }

  [Symbol.dispose](): void {
    for (const putBack of this.#own) putBack();
  }
}
