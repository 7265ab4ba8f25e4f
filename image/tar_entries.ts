import { err, ok, type Result } from "../engine/result.ts";
import { BLOCK_BYTES } from "./tar_header.ts";
import { type TarName, tarNames } from "./tar_names.ts";

/** One entry of an archive, with what it holds. */
export interface TarEntry extends TarName {
  /** Seconds since 1970. */
  readonly mtime: number;
  readonly content: Uint8Array;
}

/** Headers that are about the entry behind them, or about all. */
const MORE_TYPES: ReadonlySet<string> = new Set(["L", "K", "x", "g"]);
const TYPE_AT = 156;
const OCTAL_DIGITS = 11;
const decoder = new TextDecoder();

/** Reads an archive that lies in memory. The error says what is wrong with it, as the end of a sentence. */
export function tarEntries(archive: Uint8Array): Result<readonly TarEntry[], string> {
  const names = tarNames(archive);
  if (!names.ok) return names;
  const entries: TarEntry[] = [];
  for (let at = 0; entries.length < names.value.length;) {
    const sizeBytes = octalAt(archive, at + 124);
    const start = at + BLOCK_BYTES;
    if (!Number.isSafeInteger(sizeBytes) || start + sizeBytes > archive.length) {
      return err("one of its entries goes beyond its end");
    }
    const name = names.value[entries.length];
    if (name !== undefined && !MORE_TYPES.has(String.fromCharCode(archive[at + TYPE_AT] ?? 0))) {
      const content = archive.subarray(start, start + sizeBytes);
      entries.push({ ...name, mtime: octalAt(archive, at + 136), content });
    }
    at = start + Math.ceil(sizeBytes / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return ok(entries);
}

function octalAt(archive: Uint8Array, at: number): number {
  const text = decoder.decode(archive.subarray(at, at + OCTAL_DIGITS)).replace(/\0.*$/s, "").trim();
  return Number.parseInt(text || "0", 8);
}
