import { err, ok, type Result } from "../engine/result.ts";
import { BLOCK_BYTES } from "./tar_header.ts";

/** One entry of an archive, as far as its header tells. */
export interface TarName {
  /** As it is written there, without a leading `./` or `/` and without a slash at its end. */
  readonly path: string;
  /** The type flag, for example `0` of a file, `2` of a symbolic link, `5` of a folder. */
  readonly type: string;
  /** Permission bits with set-user-id, set-group-id and sticky. */
  readonly mode: number;
  /** Where a link leads, as it is written. */
  readonly target: string;
}

const TYPE_AT = 156;
const LINK_AT = 157;
const MAGIC_AT = 257;
const PREFIX_AT = 345;
/** Long names come as content; a hostile archive must not make us hold more of it. */
const LONG_NAME_LIMIT = 1 << 20;
const decoder = new TextDecoder();

/**
 * Lists the entries of an archive without unpacking anything: ustar, pax and GNU long names. Nothing in it is trusted; the
 * error says what is wrong with it, as the end of a sentence.
 */
export function tarNames(archive: Uint8Array): Result<readonly TarName[], string> {
  const names: TarName[] = [];
  let long: { path?: string; target?: string } = {};
  for (let at = 0; at + BLOCK_BYTES <= archive.length;) {
    const block = archive.subarray(at, at + BLOCK_BYTES);
    if (block.every((byte) => byte === 0)) return ok(names);
    if (!hasChecksum(block)) return err(`its header at byte ${at} is damaged`);
    const sizeBytes = numberAt(block, 124, 12);
    const start = at + BLOCK_BYTES;
    const end = start + sizeBytes;
    if (!Number.isSafeInteger(end) || end > archive.length) {
      return err(`its entry at byte ${at} goes beyond its end`);
    }
    const type = String.fromCharCode(block[TYPE_AT] || 0x30);
    const content = () => archive.subarray(start, Math.min(end, start + LONG_NAME_LIMIT));
    if (type === "L") long = { ...long, path: textOf(content()) };
    else if (type === "K") long = { ...long, target: textOf(content()) };
    else if (type === "x") long = { ...long, ...paxNames(content()) };
    else if (type !== "g") {
      const path = long.path ?? headerPath(block);
      const target = long.target ?? textOf(block.subarray(LINK_AT, LINK_AT + 100));
      names.push({ path: plainPath(path), type, mode: numberAt(block, 100, 8) & 0o7777, target });
      long = {};
    }
    at = start + Math.ceil(sizeBytes / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return err("it has no end");
}

function headerPath(block: Uint8Array): string {
  const name = textOf(block.subarray(0, 100));
  // GNU's own format keeps times where ustar keeps the prefix.
  const isUstar = textOf(block.subarray(MAGIC_AT, MAGIC_AT + 6)) === "ustar";
  const prefix = isUstar ? textOf(block.subarray(PREFIX_AT, PREFIX_AT + 155)) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

function plainPath(path: string): string {
  return path.replace(/^(?:\.?\/)+/, "").replace(/\/+$/, "");
}

function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decoder.decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** An octal number, or GNU's base 256 for large ones. */
function numberAt(block: Uint8Array, at: number, width: number): number {
  const bytes = block.subarray(at, at + width);
  if (((bytes[0] ?? 0) & 0x80) === 0) return Number.parseInt(textOf(bytes).trim() || "0", 8);
  return bytes.subarray(1).reduce((value, byte) => value * 256 + byte, (bytes[0] ?? 0) & 0x7f);
}

function hasChecksum(block: Uint8Array): boolean {
  const sum = block.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 0x20 : byte), 0);
  return sum === numberAt(block, 148, 8);
}

/** The path and the target of a link out of pax records; those that are broken are left out, as readers do. */
function paxNames(content: Uint8Array): { path?: string; target?: string } {
  const found: { path?: string; target?: string } = {};
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(0x20, at);
    const length = space < 0 ? Number.NaN : Number(decoder.decode(content.subarray(at, space)));
    if (!Number.isSafeInteger(length) || length <= space - at || at + length > content.length) return found;
    const record = decoder.decode(content.subarray(space + 1, at + length - 1));
    if (record.startsWith("path=")) found.path = record.slice("path=".length);
    if (record.startsWith("linkpath=")) found.target = record.slice("linkpath=".length);
    at += length;
  }
  return found;
}
