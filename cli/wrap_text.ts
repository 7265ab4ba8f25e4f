import { columnCount } from "./column_count.ts";
import { type Line, line, type Span, span, type Style } from "./text.ts";

/** Columns that a line of prose takes at most: longer ones are hard to read. */
export const PROSE_COLUMNS = 100;

/** Breaks a text at blanks into parts of at most `columns` columns; a longer word stays whole. Never empty. */
export function wrapText(text: string, columns: number): readonly string[] {
  const parts: string[] = [];
  let part = "";
  for (const word of text.split(" ")) {
    const longer = part === "" ? word : `${part} ${word}`;
    if (part !== "" && columnCount(longer) > columns) {
      parts.push(part);
      part = word;
    } else part = longer;
  }
  return [...parts, part];
}

/** A text after a heading, its further lines below its start. */
export function hangingLines(heading: readonly Span[], text: string, style?: Style): readonly Line[] {
  const indent = heading.reduce((count, each) => count + columnCount(each.text), 0);
  return wrapText(text, PROSE_COLUMNS - indent).map((part, index) =>
    index === 0 ? [...heading, span(part, style)] : line(" ".repeat(indent), span(part, style))
  );
}
