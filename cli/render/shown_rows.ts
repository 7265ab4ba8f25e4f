import { alignColumns, type Line, line, type Span, span } from "../text.ts";

/** Rows of a list that people read at most. */
const SHOWN_ROWS = 25;

/** Items as indented rows of aligned cells; the first few of many. */
export function shownRows<Item>(
  items: readonly Item[],
  cellsOf: (item: Item) => readonly Span[],
): readonly Line[] {
  const rows = alignColumns(items.slice(0, SHOWN_ROWS).map(cellsOf)).map((row) => line("  ", ...row));
  const hiddenCount = items.length - SHOWN_ROWS;
  return hiddenCount > 0 ? [...rows, line(span(`  and ${hiddenCount} more; --json lists all`, "dim"))] : rows;
}
