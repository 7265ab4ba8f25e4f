import { err, ok, type Result } from "../engine/result.ts";
import { joinBytes } from "./join_bytes.ts";
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
const LONG_TYPES: ReadonlySet<string> = new Set(["L", "K", "x"]);
const NAME_COUNT_LIMIT = 2_000_000;
const decoder = new TextDecoder();

/** A reader of an archive that comes in pieces. */
export interface TarNameReader {
  /** Takes the next bytes; of the content of files it keeps nothing. */
  push(bytes: Uint8Array): void;
  /** The entries of the whole archive. The error says what is wrong with it, as the end of a sentence. */
  end(): Result<readonly TarName[], string>;
}

/** Lists the entries of an archive without unpacking anything: ustar, pax and GNU long names. Nothing in it is trusted. */
export function tarNames(archive: Uint8Array): Result<readonly TarName[], string> {
  const reader = openTarNames();
  reader.push(archive);
  return reader.end();
}

/** Opens a reader at the start of an archive. */
export function openTarNames(): TarNameReader {
  const names: TarName[] = [];
  /** Names that stand before the entry that they belong to. */
  let long: LongNames = {};
  /** The state: a header, content that is read, content that is passed over, after the end, or broken. */
  let wanted: { readonly sizeBytes: number; take(bytes: Uint8Array): void } | undefined;
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  let skipBytes = 0;
  let fault: string | undefined;
  let isEnded = false;
  const want = (sizeBytes: number, take: (bytes: Uint8Array) => void): void =>
    void (wanted = { sizeBytes, take });
  const readHeader = (block: Uint8Array): void => {
    if (block.every((byte) => byte === 0)) return void (isEnded = true);
    if (!hasChecksum(block)) return void (fault = "one of its headers is damaged");
    const sizeBytes = numberAt(block, 124, 12);
    if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) {
      return void (fault = "one of its entries has no size");
    }
    const type = String.fromCharCode(block[TYPE_AT] || 0x30);
    const paddedBytes = Math.ceil(sizeBytes / BLOCK_BYTES) * BLOCK_BYTES;
    if (!LONG_TYPES.has(type)) {
      if (names.length === NAME_COUNT_LIMIT) {
        return void (fault = `it has more than ${NAME_COUNT_LIMIT} entries`);
      }
      if (type !== "g") {
        names.push(nameOf(block, type, long));
        long = {};
      }
      skipBytes = paddedBytes;
      return want(BLOCK_BYTES, readHeader);
    }
    if (sizeBytes > LONG_NAME_LIMIT) return void (fault = `one of its names has ${sizeBytes} bytes`);
    want(paddedBytes, (content) => {
      long = { ...long, ...longNames(type, content.subarray(0, sizeBytes)) };
      want(BLOCK_BYTES, readHeader);
    });
  };
  want(BLOCK_BYTES, readHeader);
  return {
    push: (bytes) => {
      for (let at = 0; at < bytes.length && fault === undefined && !isEnded;) {
        const skipped = Math.min(skipBytes, bytes.length - at);
        skipBytes -= skipped;
        at += skipped;
        if (skipBytes > 0 || wanted === undefined) return;
        const part = bytes.subarray(at, at + wanted.sizeBytes - pendingBytes);
        pending.push(part.slice());
        pendingBytes += part.length;
        at += part.length;
        if (pendingBytes < wanted.sizeBytes) return;
        const whole = joinBytes(pending);
        [pending, pendingBytes] = [[], 0];
        wanted.take(whole);
      }
    },
    end: () => fault !== undefined ? err(fault) : isEnded ? ok(names) : err("it has no end"),
  };
}

/** What stands before an entry and is about it. */
interface LongNames {
  readonly path?: string;
  readonly target?: string;
}

function nameOf(block: Uint8Array, type: string, { path, target }: LongNames): TarName {
  return {
    path: plainPath(path ?? headerPath(block)),
    type,
    mode: numberAt(block, 100, 8) & 0o7777,
    target: target ?? textOf(block.subarray(LINK_AT, LINK_AT + 100)),
  };
}

/** By type: the path of the next entry, its target, or records that may hold both. */
function longNames(type: string, content: Uint8Array): LongNames {
  if (type === "x") return paxNames(content);
  return type === "L" ? { path: textOf(content) } : { target: textOf(content) };
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
