import { invariant } from "../engine/invariant.ts";

/** Tar archives are written in blocks of this size. */
export const BLOCK_BYTES = 512;
/** What the field of a name holds. */
export const NAME_BYTES = 100;

const PREFIX_BYTES = 155;
const SLASH = 0x2f;
const CHECKSUM_AT = 148;
const CHECKSUM_BYTES = 8;
/** The largest size that eleven octal digits hold: one byte less than 8 GiB. */
const SIZE_LIMIT = 8 ** 11 - 1;
const PAX_MODE = 0o644;
/** A name that no file has: readers that do not know the header would make a file of it. */
const PAX_NAME = "PaxHeaders/0";

const TYPES = { file: "0", folder: "5", pax: "x" } as const;
const encoder = new TextEncoder();

/** A name in two fields of a header; the reader puts `/` between them unless the prefix is empty. */
export interface SplitName {
  readonly name: Uint8Array;
  readonly prefix: Uint8Array;
}

/** What the header of an entry says. */
export interface HeaderFields extends SplitName {
  readonly kind: keyof typeof TYPES;
  readonly mode: number;
  readonly sizeBytes: number;
  /** Seconds since 1970. */
  readonly mtime: number;
}

/** The header block of an entry (POSIX.1-1988, ustar): owner and group 0 and without names, device numbers 0. */
export function header({ name, prefix, kind, mode, sizeBytes, mtime }: HeaderFields): Uint8Array {
  invariant(sizeBytes <= SIZE_LIMIT, "A file of a layer is smaller than 8 GiB");
  const block = new Uint8Array(BLOCK_BYTES);
  let offset = 0;
  const put = (bytes: Uint8Array, width: number): void => {
    block.set(bytes, offset);
    offset += width;
  };
  put(name, NAME_BYTES);
  for (const [value, width] of [[mode, 8], [0, 8], [0, 8], [sizeBytes, 12], [mtime, 12]] as const) {
    put(octal(value, width - 1), width);
  }
  put(encoder.encode(" ".repeat(CHECKSUM_BYTES)), CHECKSUM_BYTES);
  put(encoder.encode(TYPES[kind]), 1 + NAME_BYTES);
  put(encoder.encode("ustar\0" + "00"), 8 + 32 + 32);
  put(octal(0, 7), 8);
  put(octal(0, 7), 8);
  put(prefix, PREFIX_BYTES);
  const checksum = block.reduce((sum, byte) => sum + byte, 0);
  block.set(encoder.encode(`${checksum.toString(8).padStart(6, "0")}\0 `), CHECKSUM_AT);
  return block;
}

/** Splits a name at the last `/` that lets both halves fit; `undefined` when none does. */
export function splitName(name: Uint8Array): SplitName | undefined {
  if (name.length <= NAME_BYTES) return { name, prefix: new Uint8Array() };
  // A folder's own slash at the end splits nothing.
  const last = Math.min(name.length - 2, PREFIX_BYTES);
  const at = name.subarray(0, last + 1).lastIndexOf(SLASH);
  if (at <= 0 || name.length - at - 1 > NAME_BYTES) return undefined;
  return { name: name.subarray(at + 1), prefix: name.subarray(0, at) };
}

/** The extended header (POSIX.1-2001, pax) that gives the entry behind it a path of any length. */
export function paxPath(path: Uint8Array, mtime: number): readonly Uint8Array[] {
  const content = paxRecord("path", path);
  const fields = { kind: "pax", mode: PAX_MODE, sizeBytes: content.length, mtime } as const;
  return [
    header({ ...fields, name: encoder.encode(PAX_NAME), prefix: new Uint8Array() }),
    ...padded(content),
  ];
}

/** Content, and the NULs that fill its last block. */
export function padded(bytes: Uint8Array): readonly Uint8Array[] {
  const rest = bytes.length % BLOCK_BYTES;
  return rest === 0 ? [bytes] : [bytes, new Uint8Array(BLOCK_BYTES - rest)];
}

/** `<length> <key>=<value>` LF, in which the length counts its own digits. */
function paxRecord(key: string, value: Uint8Array): Uint8Array {
  const sizeBytes = ` ${key}=\n`.length + value.length;
  let length = sizeBytes + 1;
  while (`${length}`.length + sizeBytes !== length) length = `${length}`.length + sizeBytes;
  return new Uint8Array([...encoder.encode(`${length} ${key}=`), ...value, 0x0a]);
}

function octal(value: number, digits: number): Uint8Array {
  return encoder.encode(value.toString(8).padStart(digits, "0"));
}
