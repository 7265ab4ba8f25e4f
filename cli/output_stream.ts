const encoder = new TextEncoder();
/** Milliseconds between two tries at a stream that takes nothing now. */
const PAUSE_MS = 5;

/** What text is written to, for example `Deno.stdout`. */
export interface ByteSink {
  writeSync(bytes: Uint8Array): number;
}

/**
 * A stream of this process. Writing to it never throws: whoever reads may go at any time, as `smelt history | head` does,
 * and a run must not end because nobody looks. What comes after the first failure is dropped.
 */
export class OutputStream {
  readonly #sink: ByteSink;
  #failure: Error | undefined;

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  /** Why text was lost though somebody might still read, for example since the disk is full; `undefined` when nothing was. */
  get loss(): Error | undefined {
    return this.#failure instanceof Deno.errors.BrokenPipe ? undefined : this.#failure;
  }

  /** Writes all of `text`, however much the stream takes at once. */
  write(text: string): void {
    const bytes = encoder.encode(text);
    for (let written = 0; written < bytes.length && this.#failure === undefined;) {
      written += this.#writeSome(bytes.subarray(written));
    }
  }

  #writeSome(bytes: Uint8Array): number {
    try {
      return this.#sink.writeSync(bytes);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      // A pipe that another program has made non-blocking is full.
      if (error instanceof Deno.errors.WouldBlock) pause();
      else this.#failure = error;
      return 0;
    }
  }
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
}
