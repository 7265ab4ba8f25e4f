const NEWLINE = 0x0a;
const CHUNK_BYTES = 1 << 18;

/** A line of a file, or what stands after its last line. */
export interface FileLine {
  /** Where it begins in the file, in bytes. */
  readonly offset: number;
  /** Without its line end. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether a line end follows. Only the last one may lack it. */
  readonly isFinished: boolean;
}

/** Yields the lines of `file` from `offset`, which begins one, to its end. */
export async function* readLines(file: Deno.FsFile, offset: number): AsyncGenerator<FileLine> {
  await file.seek(offset, Deno.SeekMode.Start);
  let lineOffset = offset;
  let parts: Uint8Array<ArrayBuffer>[] = [];
  for (;;) {
    let chunk = await readChunk(file);
    if (chunk === undefined) break;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE)) {
      const bytes = joined([...parts, chunk.subarray(0, end)]);
      yield { offset: lineOffset, bytes, isFinished: true };
      lineOffset += bytes.length + 1;
      parts = [];
      chunk = chunk.subarray(end + 1);
    }
    if (chunk.length > 0) parts.push(chunk);
  }
  if (parts.length > 0) yield { offset: lineOffset, bytes: joined(parts), isFinished: false };
}

async function readChunk(file: Deno.FsFile): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const buffer = new Uint8Array(CHUNK_BYTES);
  const count = await file.read(buffer);
  return count === null ? undefined : buffer.subarray(0, count);
}

function joined(parts: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first;
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
