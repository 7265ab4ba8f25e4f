import { columnCount } from "./column_count.ts";

/** How a piece of text is set off on a terminal with colours; without, it is plain. `cut` stands for what is left out. */
export type Style = "bold" | "dim" | "green" | "yellow" | "red" | "cyan" | "magenta" | "cut";

/** A piece of a line in one style. Its text is data: the printer makes it inert. */
export interface Span {
  readonly text: string;
  readonly style: Style | undefined;
}

/** One line of output, without its end. */
export type Line = readonly Span[];

/** Makes a span. */
export function span(text: string, style?: Style): Span {
  return { text, style };
}

/** Makes a line of plain texts and spans. */
export function line(...parts: readonly (string | Span)[]): Line {
  return parts.map((part) => typeof part === "string" ? span(part) : part);
}

/** Pads columns so that each is as wide as its widest cell. No line ends in blanks. */
export function alignColumns(rows: readonly (readonly Span[])[]): readonly Line[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => widths[index] = Math.max(widths[index] ?? 0, columnCount(cell.text)));
  }
  return rows.map((row) => {
    const length = row.findLastIndex((cell) => cell.text !== "") + 1;
    return row.slice(0, length).flatMap((cell, index) => {
      if (index === length - 1) return [cell];
      return [cell, span(" ".repeat((widths[index] ?? 0) - columnCount(cell.text) + 2))];
    });
  });
}
