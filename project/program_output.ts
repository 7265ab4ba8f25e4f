import type { Clock } from "../engine/clock.ts";

/**
 * What a program printed. `unending`: it has ended, and something that it left behind prints on. `full`: more than it may.
 * `late`: it did not end in time. In the last two cases it has been killed.
 */
export type Printed =
  | { readonly kind: "ended"; readonly code: number; readonly bytes: Uint8Array }
  | { readonly kind: "unending"; readonly code: number }
  | { readonly kind: "full"; readonly bytes: Uint8Array }
  | { readonly kind: "late" };

/** How much a program may print, and how long it may take. */
export interface OutputLimits {
  readonly timeoutMs: number;
  readonly sizeBytes: number;
}

/** How long nothing may come out of a program that has ended, until all that it printed is taken for read. */
const QUIET_MS = 100;
/** How often more may have come out of it by the end of such a time: what stood in the pipe is read in far less. */
const ROUND_COUNT = 5;
/** How long a program that is late may take to end what it has started, before it is killed. */
const GRACE_MS = 1_000;

/**
 * Takes what a program prints until it ends. Whatever it has started and left behind may hold its output open for as long as it
 * likes: once the program itself has ended, only what stands in the pipe already is read. Nobody can tell whose it is when more
 * and more comes: then nothing is taken.
 */
export async function printedBy(
  clock: Clock,
  child: Deno.ChildProcess,
  { timeoutMs, sizeBytes }: OutputLimits,
): Promise<Printed> {
  const output = new Output(child.stdout, sizeBytes);
  const over = new AbortController();
  const sleep = (ms: number) =>
    clock.sleep(ms, over.signal).then(() => "late" as const, () => "late" as const);
  try {
    const ended = endOf(child, output, sleep);
    const first = await Promise.race([output.overflow, ended, sleep(timeoutMs)]);
    if (typeof first === "object") {
      const { code } = first;
      return first.isQuiet ? { kind: "ended", code, bytes: output.bytes() } : { kind: "unending", code };
    }
    await end(child, sleep);
    return first === "full" ? { kind: "full", bytes: output.bytes() } : { kind: "late" };
  } finally {
    over.abort();
    await output.close();
  }
}

/** The exit code, once all that the program printed has been read, and whether nothing more comes. */
async function endOf(
  child: Deno.ChildProcess,
  output: Output,
  sleep: (ms: number) => Promise<unknown>,
): Promise<{ readonly code: number; readonly isQuiet: boolean }> {
  const { code } = await child.status;
  const isQuiet = await Promise.race([output.end.then(() => true), fallsQuiet(output, sleep)]);
  return { code, isQuiet };
}

/** Where this process was held up, time is over before what was printed meanwhile is seen: the first wait does not count. */
async function fallsQuiet(output: Output, sleep: (ms: number) => Promise<unknown>): Promise<boolean> {
  await sleep(QUIET_MS);
  for (let round = 0; round < ROUND_COUNT; round++) {
    const seenBytes = output.sizeBytes;
    await sleep(QUIET_MS);
    if (seenBytes === output.sizeBytes) return true;
  }
  return false;
}

/** Asks a program to end, so that it can end what it has started, and kills it when it does not. */
async function end(child: Deno.ChildProcess, sleep: (ms: number) => Promise<unknown>): Promise<void> {
  send(child, "SIGTERM");
  await Promise.race([child.status, sleep(GRACE_MS)]);
  send(child, "SIGKILL");
}

/** One that has ended meanwhile can be sent nothing, and need not be. */
function send(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}

/** What comes out of a program, read as it comes. */
class Output {
  /** All of it is here: nobody holds the other end open any more. */
  readonly end: Promise<void>;
  /** There is more of it than there may be. */
  readonly overflow: Promise<"full">;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #chunks: Uint8Array[] = [];
  #sizeBytes = 0;

  constructor(stream: ReadableStream<Uint8Array>, limitBytes: number) {
    const { promise, resolve } = Promise.withResolvers<"full">();
    this.overflow = promise;
    this.#reader = stream.getReader();
    this.end = this.#read(limitBytes, () => resolve("full"));
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  async #read(limitBytes: number, tellFull: () => void): Promise<void> {
    while (this.#sizeBytes <= limitBytes) {
      const { done, value } = await this.#reader.read();
      if (done) return;
      this.#chunks.push(value);
      this.#sizeBytes += value.length;
    }
    tellFull();
  }

  bytes(): Uint8Array {
    const all = new Uint8Array(this.#sizeBytes);
    let at = 0;
    for (const chunk of this.#chunks) {
      all.set(chunk, at);
      at += chunk.length;
    }
    return all;
  }

  async close(): Promise<void> {
    await this.#reader.cancel();
    await this.end;
  }
}
