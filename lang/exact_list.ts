const EMPTY: readonly never[] = [];

/** The same elements without the spare room that a list keeps while it grows; one list for all that are empty. */
export function exactList<Element>(grown: readonly Element[]): readonly Element[] {
  return grown.length === 0 ? EMPTY : grown.slice();
}
