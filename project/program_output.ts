import type { Clock } from "../engine/clock.ts";

/** What a program printed. `full`: more than it may. `late`: it did not end in time. In both cases it has been killed. */
export type Printed =
  | { readonly kind: "ended"; readonly code: number; readonly bytes: Uint8Array }
  | { readonly kind: "full"; readonly bytes: Uint8Array }
  | { readonly kind: "late" };

/** How much a program may print, and how long it may take. */
export interface OutputLimits {
  readonly timeoutMs: number;
  readonly sizeBytes: number;
}

/** How long nothing may come out of a program that has ended, until all that it printed is taken for read. */
const QUIET_MS = 100;

/**
 * Takes what a program prints until it ends. Whatever it has started and left behind may hold its output open for as long as it
 * likes: once the program itself has ended, only what stands in the pipe already is read.
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
    if (typeof first === "number") return { kind: "ended", code: first, bytes: output.bytes() };
    kill(child);
    return first === "full" ? { kind: "full", bytes: output.bytes() } : { kind: "late" };
  } finally {
    over.abort();
    await output.close();
  }
}

/** The exit code, once all that the program printed has been read. */
async function endOf(
  child: Deno.ChildProcess,
  output: Output,
  sleep: (ms: number) => Promise<unknown>,
): Promise<number> {
  const { code } = await child.status;
  await Promise.race([output.end, quiet(output, sleep)]);
  return code;
}

/** Where this process was held up, time is over before what was printed meanwhile is seen: the first wait does not count. */
async function quiet(output: Output, sleep: (ms: number) => Promise<unknown>): Promise<void> {
  await sleep(QUIET_MS);
  for (let seenBytes = -1; seenBytes !== output.sizeBytes;) {
    seenBytes = output.sizeBytes;
    await sleep(QUIET_MS);
  }
}

/** One that has ended meanwhile cannot be killed, and need not be. */
function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
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
