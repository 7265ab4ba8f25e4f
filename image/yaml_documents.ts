/** A part of a text: from `start` up to, not including, `end`, in UTF-16 units. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

const MARKER_REGEXP = /(?:^|\n|^\uFEFF)(---|\.\.\.)(?=[ \t\r\n]|$)/g;
const PREFIX_LINE_REGEXP = /^\uFEFF?(?:[ \t]*(?:#.*)?|%.*)$/s;

/**
 * Cuts a stream of YAML into its documents (YAML 1.2.2 section 9.2), which together are all of it: comments and directives
 * before a `---` go with what it begins. No `---` at the start of a line is ever inside of a text, so nothing has to be parsed.
 */
export function yamlDocuments(text: string): readonly TextRange[] {
  const documents: TextRange[] = [];
  let start = 0;
  for (const { 0: match, 1: marker = "", index } of text.matchAll(MARKER_REGEXP)) {
    const at = index + match.length - marker.length;
    const cut = marker === "---" ? at : lineEnd(text, at);
    if (marker === "---" && isPrefix(text, start, at)) continue;
    documents.push({ start, end: cut });
    start = cut;
  }
  if (start < text.length || documents.length === 0) documents.push({ start, end: text.length });
  return documents;
}

/** Whether only comments and directives stand between the two. */
function isPrefix(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at = lineEnd(text, at)) {
    if (!PREFIX_LINE_REGEXP.test(text.slice(at, lineEnd(text, at)).trimEnd())) return false;
  }
  return true;
}

/** Where the line of `at` ends, its line feed included. */
export function lineEnd(text: string, at: number): number {
  const feed = text.indexOf("\n", at);
  return feed < 0 ? text.length : feed + 1;
}
