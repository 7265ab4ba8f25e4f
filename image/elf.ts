import { err, ok, type Result } from "../engine/result.ts";

/** What a program's own headers say of how it is run (System V ABI, ELF). */
export interface ElfFacts {
  /** As images name processors, for example `amd64`. */
  readonly architecture: string;
  readonly kind: "executable" | "sharedObject";
  /** The program that loads it, such as `/lib64/ld-linux-x86-64.so.2`. */
  readonly interpreter: string | undefined;
  /** Libraries that it needs to be loaded, by name. */
  readonly libraries: readonly string[];
}

/** Names of processors by `e_machine`, class and byte order. */
const ARCHITECTURES: ReadonlyMap<string, string> = new Map([
  ["3 32 little", "386"],
  ["21 64 little", "ppc64le"],
  ["21 64 big", "ppc64"],
  ["22 64 big", "s390x"],
  ["40 32 little", "arm"],
  ["62 64 little", "amd64"],
  ["183 64 little", "arm64"],
  ["243 64 little", "riscv64"],
  ["258 64 little", "loong64"],
]);

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const DT_NULL = 0;
const DT_NEEDED = 1;
const DT_STRTAB = 5;
const ET_EXEC = 2;
const ET_DYN = 3;
const IDENT_BYTES = 16;
/** More of them in one program is nonsense, and would take long to walk. */
const ENTRY_LIMIT = 65_536;
const decoder = new TextDecoder();

/** Reads the headers of a program; the error says why it is none, as the end of a sentence. */
export function readElf(bytes: Uint8Array): Result<ElfFacts, string> {
  if (bytes.length < IDENT_BYTES || decoder.decode(bytes.subarray(0, 4)) !== "\x7fELF") {
    return err(`it is no ELF program${bytes[0] === 0x23 && bytes[1] === 0x21 ? ", but a script" : ""}`);
  }
  try {
    return readHeaders(new Reader(bytes));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return err("its headers go beyond its end: it is cut short or damaged");
  }
}

/** Whether it runs without a loader and without libraries. A `static-pie` program has a dynamic segment, so that alone says nothing. */
export function isStatic({ interpreter, libraries }: ElfFacts): boolean {
  return interpreter === undefined && libraries.length === 0;
}

/** Reads numbers in the size and order of the file; beyond its end is a `RangeError`. */
class Reader {
  readonly bytes: Uint8Array;
  readonly is64: boolean;
  readonly isLittle: boolean;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.is64 = bytes[4] === 2;
    this.isLittle = bytes[5] === 1;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  half(at: number): number {
    return this.#view.getUint16(at, this.isLittle);
  }

  word(at: number): number {
    return this.#view.getUint32(at, this.isLittle);
  }

  /** An address or an offset. */
  address(at: number): number {
    return this.is64 ? Number(this.#view.getBigUint64(at, this.isLittle)) : this.word(at);
  }

  text(at: number): string {
    const end = this.bytes.indexOf(0, at);
    if (at >= this.bytes.length || end < 0) throw new RangeError("A text goes beyond the end of the file");
    return decoder.decode(this.bytes.subarray(at, end));
  }
}

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly sizeBytes: number;
}

function readHeaders(reader: Reader): Result<ElfFacts, string> {
  const type = reader.half(16);
  if (type !== ET_EXEC && type !== ET_DYN) return err("it is an ELF file, but no program");
  const machine = `${reader.half(18)} ${reader.is64 ? 64 : 32} ${reader.isLittle ? "little" : "big"}`;
  const architecture = ARCHITECTURES.get(machine);
  if (architecture === undefined) return err("it is for a processor that images have no name for here");
  const segments = readSegments(reader);
  const interpreter = segments.find((each) => each.type === PT_INTERP);
  return ok({
    architecture,
    kind: type === ET_EXEC ? "executable" : "sharedObject",
    interpreter: interpreter === undefined ? undefined : reader.text(interpreter.offset),
    libraries: readLibraries(reader, segments),
  });
}

function readSegments(reader: Reader): readonly Segment[] {
  const { is64 } = reader;
  const start = reader.address(is64 ? 32 : 28);
  const sizeBytes = reader.half(is64 ? 54 : 42);
  const count = reader.half(is64 ? 56 : 44);
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * sizeBytes;
    return {
      type: reader.word(at),
      offset: reader.address(at + (is64 ? 8 : 4)),
      address: reader.address(at + (is64 ? 16 : 8)),
      sizeBytes: reader.address(at + (is64 ? 32 : 16)),
    };
  });
}

function readLibraries(reader: Reader, segments: readonly Segment[]): readonly string[] {
  const dynamic = segments.find((each) => each.type === PT_DYNAMIC);
  if (dynamic === undefined) return [];
  const step = reader.is64 ? 8 : 4;
  const needed: number[] = [];
  let table = 0;
  for (let index = 0; index < Math.min(dynamic.sizeBytes / (2 * step), ENTRY_LIMIT); index++) {
    const at = dynamic.offset + index * 2 * step;
    const [tag, value] = [reader.address(at), reader.address(at + step)];
    if (tag === DT_NULL) break;
    if (tag === DT_NEEDED) needed.push(value);
    if (tag === DT_STRTAB) table = value;
  }
  if (needed.length === 0) return [];
  const home = segments.find((each) =>
    each.type === PT_LOAD && each.address <= table && table < each.address + each.sizeBytes
  );
  if (home === undefined) throw new RangeError("The table of names is in no segment");
  return needed.map((each) => reader.text(table - home.address + home.offset + each));
}
