/** The text of one file, and where its lines begin. */
export interface SourceText {
  /** The name of the file, as diagnostics show it. */
  readonly file: string;
  /** The text without a byte-order mark. All offsets count its UTF-16 units from 0. */
  readonly text: string;
  /** The offset at which each line begins; the first is 0. Only LF ends a line. */
  readonly lineStarts: Int32Array;
}

/** A part of a text: `start` is its first offset, `end` the offset behind its last. UTF-16 units, from 0. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A place for people: line and column count from 1, columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

const BYTE_ORDER_MARK = 0xfeff;
const LINE_FEED = "\n";

/** Makes a source text; drops one byte-order mark at its start. */
export function sourceText(file: string, text: string): SourceText {
  const clean = text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
  return { file, text: clean, lineStarts: lineStartsOf(clean) };
}

function lineStartsOf(text: string): Int32Array {
  let count = 1;
  for (let at = text.indexOf(LINE_FEED); at !== -1; at = text.indexOf(LINE_FEED, at + 1)) count++;
  const starts = new Int32Array(count);
  let feed = -1;
  for (let line = 1; line < count; line++) {
    feed = text.indexOf(LINE_FEED, feed + 1);
    starts[line] = feed + 1;
  }
  return starts;
}

/** The line and column of `offset`. */
export function positionAt(source: SourceText, offset: number): Position {
  const line = lineIndexAt(source, offset);
  return { line: line + 1, column: offset - (source.lineStarts[line] ?? 0) + 1 };
}

/** The index, from 0, of the line that holds `offset`. */
export function lineIndexAt(source: SourceText, offset: number): number {
  let low = 0;
  let high = source.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((source.lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The text of line `line`, counted from 1, without its line end. */
export function lineText(source: SourceText, line: number): string {
  const start = source.lineStarts[line - 1] ?? source.text.length;
  const end = source.lineStarts[line] ?? source.text.length;
  return source.text.slice(start, end).replace(/\r?\n$/, "");
}
