import { shownLine } from "../lang/shown_line.ts";
import { positionAt, type SourceText } from "../lang/source_text.ts";
import type { Diagnostic } from "../lang/diagnostic.ts";

/** What is wrong in a file, and the text that it points into, for those who show it. */
export type { Diagnostic, SourceText };

/** Line and column behind the last character that a diagnostic is about, counted from 1. */
export function diagnosticEnd(
  source: SourceText,
  shown: Diagnostic,
): { readonly line: number; readonly column: number } {
  return positionAt(source, shown.span.end);
}

/** The text of the line that a diagnostic points at, without what may be secret. */
export function diagnosticLine(source: SourceText, shown: Diagnostic): string {
  return shownLine(source, shown.line, shown.span);
}
