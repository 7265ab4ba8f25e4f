/**
 * What a string means: quotes removed, escapes read in the plain form, lines dedented in the block form. The text
 * knows the offsets that it came from, so that a fault inside a string can be shown at its place.
 */
import { trimEndWhiteSpace } from "./character.ts";

/** From `index` on, until the next run, the units of a decoded text stand at `offset` and behind it. */
interface TextRun {
  readonly index: number;
  readonly offset: number;
}

/** A decoded string. */
export interface StringText {
  readonly text: string;
  /** Indices in `text` of the `$` that were written as escapes; they never open an interpolation. */
  readonly escapedDollars: ReadonlySet<number>;
  /** Where the text goes on elsewhere in the source than it would by counting, ascending. */
  readonly runs: readonly TextRun[];
  /** Source offset of the first character behind the opening quotes. */
  readonly contentStart: number;
  /** Escapes that do not exist, as offsets of their backslashes. Their text is kept as written. */
  readonly badEscapes: readonly number[];
}

const BLOCK_QUOTES = '"""';
const NONE: readonly never[] = [];
const NO_DOLLARS: ReadonlySet<number> = new Set();

/** Whether the string token that begins at `start` is a block string. */
export function isBlockString(source: string, start: number): boolean {
  return source.startsWith(BLOCK_QUOTES, start);
}

/** Decodes the string token `source[start..end)`, quotes included. Total: also for an unterminated one. */
export function decodeString(source: string, start: number, end: number): StringText {
  if (isBlockString(source, start)) return decodeBlock(source, start, end);
  const contentEnd = end - start >= 2 && source.charCodeAt(end - 1) === 0x22 ? end - 1 : end;
  return decodePlain(source, start + 1, contentEnd);
}

/** The text of the string token `source[start..end)` alone. */
export function stringTextBetween(source: string, start: number, end: number): string {
  if (!isBlockString(source, start)) {
    const text = source.slice(start + 1, end - 1);
    if (!text.includes("\\")) return text;
  }
  return decodeString(source, start, end).text;
}

/** The source offset of the unit at `index` of a decoded string, or of its end. */
export function offsetInSource({ runs, contentStart }: StringText, index: number): number {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((runs[middle]?.index ?? 0) <= index) low = middle + 1;
    else high = middle;
  }
  const run = runs[low - 1] ?? { index: 0, offset: contentStart };
  return run.offset + index - run.index;
}

function decodePlain(source: string, start: number, end: number): StringText {
  const raw = source.slice(start, end);
  if (!raw.includes("\\")) {
    return {
      text: raw,
      escapedDollars: NO_DOLLARS,
      runs: NONE,
      contentStart: start,
      badEscapes: NONE,
    };
  }
  return decodeEscapes(raw, start);
}

/** What an escape stands for, and its length in the source. */
interface Escape {
  readonly text: string;
  readonly length: number;
}

const ESCAPES: ReadonlyMap<string, Escape> = new Map([
  ["\\", { text: "\\", length: 2 }],
  ['"', { text: '"', length: 2 }],
  ["n", { text: "\n", length: 2 }],
  ["t", { text: "\t", length: 2 }],
  ["r", { text: "\r", length: 2 }],
  ["$", { text: "$", length: 2 }],
]);
const UNICODE_ESCAPE_REGEXP = /\\u\{([0-9A-Fa-f]{1,6})\}/y;

function decodeEscapes(raw: string, start: number): StringText {
  const runs: TextRun[] = [];
  const badEscapes: number[] = [];
  let escapedDollars: Set<number> | undefined;
  let text = "";
  let at = 0;
  for (let backslash = raw.indexOf("\\"); backslash !== -1; backslash = raw.indexOf("\\", at)) {
    text += raw.slice(at, backslash);
    const escape = readEscape(raw, backslash);
    if (escape === undefined) badEscapes.push(start + backslash);
    if (escape?.text === "$") (escapedDollars ??= new Set()).add(text.length);
    text += escape?.text ?? "\\";
    at = backslash + (escape?.length ?? 1);
    runs.push({ index: text.length, offset: start + at });
  }
  text += raw.slice(at);
  return { text, escapedDollars: escapedDollars ?? NO_DOLLARS, runs, contentStart: start, badEscapes };
}

/** The escape at the backslash `at`; `undefined` when there is none such. */
export function readEscape(raw: string, at: number): Escape | undefined {
  const simple = ESCAPES.get(raw.charAt(at + 1));
  if (simple !== undefined) return simple;
  UNICODE_ESCAPE_REGEXP.lastIndex = at;
  const match = UNICODE_ESCAPE_REGEXP.exec(raw);
  const codePoint = parseInt(match?.[1] ?? "", 16);
  if (match === null || codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint <= 0xdfff)) {
    return undefined;
  }
  return { text: String.fromCodePoint(codePoint), length: match[0].length };
}

/** A line of a block: its first offset, and its text without the line end. */
interface Line {
  readonly start: number;
  readonly text: string;
}

const LEADING_SPACE_REGEXP = /^\p{White_Space}*/u;

function decodeBlock(source: string, start: number, end: number): StringText {
  const closed = end - start >= 6 && source.startsWith(BLOCK_QUOTES, end - 3);
  const contentStart = start + 3;
  const lines = dedent(blockLines(source.slice(contentStart, closed ? end - 3 : end), contentStart));
  const text = lines.map((line) => line.text).join("\n");
  return { text, escapedDollars: NO_DOLLARS, runs: lineRuns(lines), contentStart, badEscapes: NONE };
}

/** The lines of a block's content: a leading line end and trailing white space are dropped, CRLF ends a line as LF does. */
function blockLines(content: string, contentStart: number): readonly Line[] {
  const leading = content.startsWith("\n") ? 1 : content.startsWith("\r\n") ? 2 : 0;
  const kept = trimEndWhiteSpace(content.slice(leading));
  const lines: Line[] = [];
  let start = contentStart + leading;
  for (const line of kept.split("\n")) {
    lines.push({ start, text: line.endsWith("\r") ? line.slice(0, -1) : line });
    start += line.length + 1;
  }
  return lines;
}

/** Drops the indent that all lines share, a tab counting as one character; blank lines become empty and do not count. */
function dedent(lines: readonly Line[]): readonly Line[] {
  const indents = lines.map((line) => LEADING_SPACE_REGEXP.exec(line.text)?.[0].length ?? 0);
  let shared = Infinity;
  lines.forEach((line, index) => {
    const indent = indents[index] ?? 0;
    if (indent < line.text.length) shared = Math.min(shared, indent);
  });
  return lines.map((line, index) => {
    const drop = (indents[index] ?? 0) === line.text.length ? line.text.length : shared;
    return { start: line.start + drop, text: line.text.slice(drop) };
  });
}

/** One run a line; the line end behind it takes the offset behind its last character. */
function lineRuns(lines: readonly Line[]): readonly TextRun[] {
  let index = 0;
  return lines.map((line) => {
    const run = { index, offset: line.start };
    index += line.text.length + 1;
    return run;
  });
}
