import type { Span } from "./source_text.ts";

/** What is to stand in the place of a part of a text. */
export interface SpanEdit {
  readonly span: Span;
  readonly text: string;
}

/** Puts each text in its place, whatever the order of the edits. `undefined` when two of them overlap, or one leaves the text. */
export function replaceSpans(text: string, edits: readonly SpanEdit[]): string | undefined {
  const parts: string[] = [];
  let at = 0;
  for (const { span, text: made } of edits.toSorted((one, other) => one.span.start - other.span.start)) {
    if (span.start < at || span.end < span.start || span.end > text.length) return undefined;
    parts.push(text.slice(at, span.start), made);
    at = span.end;
  }
  return parts.join("") + text.slice(at);
}
