import { positionAt, type SourceText } from "../lang/source_text.ts";
import type { Diagnostic } from "../lang/diagnostic.ts";
import { ShownLines } from "../lang/shown_line.ts";

/** What is wrong in a file, and the text that it points into, for those who show it. */
export type { Diagnostic, SourceText };

/** Line and column behind the last character that a diagnostic is about, counted from 1. */
export function diagnosticEnd(
  source: SourceText,
  shown: Diagnostic,
): { readonly line: number; readonly column: number } {
  return positionAt(source, shown.span.end);
}

/** Lines that are longer are not shown. */
const LONGEST_LINE = 160;

/** The lines that diagnostics point at, without what may be secret. Each file is read once, however many point into it. */
export class Excerpts {
  readonly #files = new Map<SourceText, ShownLines>();

  /** The line of one diagnostic; `undefined` for a line that is too long to be of use. */
  line(source: SourceText, shown: Diagnostic): string | undefined {
    const { lineStarts, text } = source;
    const length = (lineStarts[shown.line] ?? text.length) - (lineStarts[shown.line - 1] ?? text.length);
    if (length > LONGEST_LINE) return undefined;
    const file = this.#files.get(source) ?? new ShownLines(source);
    this.#files.set(source, file);
    return file.line(shown.line, shown.span);
  }
}
