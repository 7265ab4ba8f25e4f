import { err, ok, type Result } from "../engine/result.ts";

const NAMES_INDEX_AT = { 32: 50, 64: 62 } as const;
const decoder = new TextDecoder();

/** The places of a section's header, by the width of the file. */
const WIDTHS = {
  32: { tableAt: 32, sizeAt: 46, countAt: 48, nameAt: 0, typeAt: 4, offsetAt: 16, lengthAt: 20 },
  64: { tableAt: 40, sizeAt: 58, countAt: 60, nameAt: 0, typeAt: 4, offsetAt: 24, lengthAt: 32 },
} as const;
const SHT_NOBITS = 8;

/** The bytes of a program's section (System V ABI, ELF); `undefined` where it has none of that name. The error ends a sentence. */
export function readElfSection(bytes: Uint8Array, name: string): Result<Uint8Array | undefined, string> {
  try {
    return ok(findSection(new SectionReader(bytes), name));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return err("its headers of sections go beyond its end");
  }
}

interface Section {
  readonly nameAt: number;
  readonly type: number;
  readonly offset: number;
  readonly sizeBytes: number;
}

/** Reads numbers in the size and order of the file; beyond its end is a `RangeError`. */
class SectionReader {
  readonly bytes: Uint8Array;
  readonly width: 32 | 64;
  readonly #isLittle: boolean;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.width = bytes[4] === 2 ? 64 : 32;
    this.#isLittle = bytes[5] === 1;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  half(at: number): number {
    return this.#view.getUint16(at, this.#isLittle);
  }

  word(at: number): number {
    return this.#view.getUint32(at, this.#isLittle);
  }

  address(at: number): number {
    return this.width === 64 ? Number(this.#view.getBigUint64(at, this.#isLittle)) : this.word(at);
  }

  section(index: number): Section {
    const { lengthAt, nameAt, offsetAt, sizeAt, tableAt, typeAt } = WIDTHS[this.width];
    const at = this.address(tableAt) + index * this.half(sizeAt);
    return {
      nameAt: this.word(at + nameAt),
      type: this.word(at + typeAt),
      offset: this.address(at + offsetAt),
      sizeBytes: this.address(at + lengthAt),
    };
  }

  slice({ offset, sizeBytes }: Section): Uint8Array {
    if (offset + sizeBytes > this.bytes.length) {
      throw new RangeError("A section goes beyond the end of the file");
    }
    return this.bytes.subarray(offset, offset + sizeBytes);
  }
}

function findSection(reader: SectionReader, name: string): Uint8Array | undefined {
  const { countAt, tableAt } = WIDTHS[reader.width];
  const count = reader.half(countAt);
  // A stripped program may have no sections at all.
  if (count === 0 || reader.address(tableAt) === 0) return undefined;
  const names = reader.slice(reader.section(reader.half(NAMES_INDEX_AT[reader.width])));
  for (let index = 0; index < count; index++) {
    const section = reader.section(index);
    const end = names.indexOf(0, section.nameAt);
    const found = decoder.decode(names.subarray(section.nameAt, end < 0 ? names.length : end));
    if (found === name && section.type !== SHT_NOBITS) return reader.slice(section);
  }
  return undefined;
}
