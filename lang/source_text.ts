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
  let starts = new Int32Array((text.length >> 4) + 16);
  let count = 1;
  for (let feed = text.indexOf(LINE_FEED); feed !== -1; feed = text.indexOf(LINE_FEED, feed + 1)) {
    if (count === starts.length) starts = withRoom(starts);
    starts[count++] = feed + 1;
  }
  return starts.slice(0, count);
}

/** The same numbers with as much room again behind them. */
function withRoom(full: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const roomy = new Int32Array(full.length * 2);
  roomy.set(full);
  return roomy;
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
