/** What a made program is to be. */
export interface ElfShape {
  readonly machine: number;
  readonly is64?: boolean;
  readonly isLittle?: boolean;
  readonly type?: number;
  readonly interpreter?: string;
  /** `undefined`: no dynamic segment at all. */
  readonly libraries?: readonly string[];
}

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const ADDRESS = 0x400000;

/** The headers of a program, enough to tell how it is run; it does nothing. */
export function makeElf(shape: ElfShape): Uint8Array<ArrayBuffer> {
  const { machine, is64 = true, isLittle = true, type = 3, interpreter, libraries } = shape;
  const word = is64 ? 8 : 4;
  const bytes = new Uint8Array(4096);
  const view = new DataView(bytes.buffer);
  const address = (at: number, value: number): void => {
    if (is64) view.setBigUint64(at, BigInt(value), isLittle);
    else view.setUint32(at, value, isLittle);
  };
  bytes.set([0x7f, 0x45, 0x4c, 0x46, is64 ? 2 : 1, isLittle ? 1 : 2, 1]);
  view.setUint16(16, type, isLittle);
  view.setUint16(18, machine, isLittle);
  const [headersAt, headerBytes] = [64, is64 ? 56 : 32];
  address(is64 ? 32 : 28, headersAt);
  view.setUint16(is64 ? 54 : 42, headerBytes, isLittle);
  const segments: (readonly [number, number, number])[] = [[PT_LOAD, 0, bytes.length]];
  if (interpreter !== undefined) {
    bytes.set(new TextEncoder().encode(`${interpreter}\0`), 1024);
    segments.push([PT_INTERP, 1024, interpreter.length + 1]);
  }
  if (libraries !== undefined) {
    let [entry, name] = [2048, 3073];
    for (const each of libraries) {
      address(entry, 1);
      address(entry + word, name - 3072);
      bytes.set(new TextEncoder().encode(`${each}\0`), name);
      [entry, name] = [entry + 2 * word, name + each.length + 1];
    }
    address(entry, 5);
    address(entry + word, ADDRESS + 3072);
    segments.push([PT_DYNAMIC, 2048, entry + 4 * word - 2048]);
  }
  view.setUint16(is64 ? 56 : 44, segments.length, isLittle);
  for (const [index, [kind, offset, sizeBytes]] of segments.entries()) {
    const at = headersAt + index * headerBytes;
    view.setUint32(at, kind, isLittle);
    address(at + (is64 ? 8 : 4), offset);
    address(at + (is64 ? 16 : 8), ADDRESS + offset);
    address(at + (is64 ? 32 : 16), sizeBytes);
  }
  return bytes;
}
