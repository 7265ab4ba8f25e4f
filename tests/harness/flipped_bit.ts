/** `byte`, one bit of it flipped: which one follows from the place and is the same each time (an integer hash). */
export function flippedBit(at: number, byte: number): number {
  let word = (at + 1) * 0x9e3779b1;
  word ^= word >>> 15;
  word = Math.imul(word, 0x85ebca6b);
  word ^= word >>> 13;
  return byte ^ (1 << (word & 7));
}

/** Writes one byte of an open file. */
export function writeByte(file: Deno.FsFile, at: number, byte: number): void {
  file.seekSync(at, Deno.SeekMode.Start);
  file.writeSync(new Uint8Array([byte]));
}
