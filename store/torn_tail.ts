import { IntegrityError } from "../engine/integrity_error.ts";
import { SIGNATURE_TEXT_LENGTH, TAB } from "./record_codec.ts";
import { type FileLine, readLines } from "./file_lines.ts";

/** The file system's smallest unit: after a loss of power one that was never written reads as NULs. */
const BLOCK_BYTES = 512;

/** Where a log ends: after record `seq`, at `offset` bytes. */
export interface LogEnd {
  readonly seq: number;
  readonly offset: number;
}

export const LOG_START: LogEnd = { seq: 0, offset: 0 };

/** The end of a log's whole lines, and what an append that was cut short has left after it. */
export interface LogTail {
  readonly end: LogEnd;
  readonly torn: FileLine | undefined;
}

/** Reads from `start` to the end of the file. */
export async function readTail(file: Deno.FsFile, start: LogEnd): Promise<LogTail> {
  let end = start;
  for await (const { line, isTorn } of markTorn(readLines(file, start.offset))) {
    if (isTorn) return { end, torn: line };
    end = afterLine(end, line);
  }
  return { end, torn: undefined };
}

/**
 * Tells of each line whether it is torn: the last one without line end, or the last one with a whole block of NULs in it,
 * as file systems leave it that write a later page first.
 */
export async function* markTorn(
  lines: AsyncIterable<FileLine>,
): AsyncGenerator<{ readonly line: FileLine; readonly isTorn: boolean }> {
  let last: FileLine | undefined;
  for await (const line of lines) {
    if (last !== undefined) yield { line: last, isTorn: false };
    last = line;
  }
  if (last !== undefined) yield { line: last, isTorn: !last.isFinished || hasEmptyBlock(last) };
}

/** The end of the log once `line` belongs to it. */
export function afterLine(end: LogEnd, line: FileLine): LogEnd {
  return { seq: end.seq + 1, offset: line.offset + line.bytes.length + 1 };
}

/** How an unfinished line is judged. */
export interface TailJudge {
  /** Names the place for people. */
  readonly where: string;
  /** Whether bytes are a record that verifies where they stand. */
  isWhole(bytes: Uint8Array): Promise<boolean>;
}

/**
 * Tells whether an unfinished line is a whole record that lacks its line end only. Throws an `IntegrityError` when it is a
 * whole record with other bytes after it: its line end was there, and was damaged.
 */
export async function judgeTail(line: FileLine, judge: TailJudge): Promise<"whole" | "cutShort"> {
  const { bytes, isFinished } = line;
  const tab = bytes.indexOf(TAB);
  const length = tab + 1 + SIGNATURE_TEXT_LENGTH;
  if (isFinished || tab < 0 || bytes.length < length) return "cutShort";
  if (!(await judge.isWhole(bytes.subarray(0, length)))) return "cutShort";
  if (bytes.length === length) return "whole";
  throw new IntegrityError(
    "malformed",
    judge.where,
    `Cannot trust ${judge.where}: it is whole, but other bytes stand where its line should end`,
  );
}

function hasEmptyBlock({ bytes, offset }: FileLine): boolean {
  const first = (BLOCK_BYTES - (offset % BLOCK_BYTES)) % BLOCK_BYTES;
  for (let start = first; start + BLOCK_BYTES <= bytes.length; start += BLOCK_BYTES) {
    if (bytes.subarray(start, start + BLOCK_BYTES).every((byte) => byte === 0)) return true;
  }
  return false;
}
