/** A place in the log: a record, counted from 1, and an event in it, counted from 0. */
export interface Position {
  readonly seq: number;
  readonly index: number;
}

/** Writes `seq` for the first event of a record and `seq.index` for a later one. */
export function formatPosition(position: Position): string {
  return position.index === 0 ? `${position.seq}` : `${position.seq}.${position.index}`;
}

/** Reads what `formatPosition` writes. */
export function parsePosition(text: string): Position {
  const [seq = "", index = "0"] = text.split(".");
  return { seq: Number(seq), index: Number(index) };
}
