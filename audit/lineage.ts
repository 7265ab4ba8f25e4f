import type { Position } from "../engine/position.ts";
import type { VerifiedRecord } from "../store/verify_records.ts";

/** Under which addresses what an address holds now has lived, the present one first. */
export type Lineage = readonly LineagePart[];

/** A time under one address. */
export interface LineagePart {
  readonly address: string;
  /** The event that brought it there; `undefined`: it began there. */
  readonly since: Position | undefined;
}

/** Follows `Moved` back from where `address` is at the end of `records`. */
export function lineageOf(records: readonly VerifiedRecord[], address: string): Lineage {
  const parts: LineagePart[] = [];
  let current = address;
  for (const { record, voids } of records.toReversed()) {
    const isVoid = new Set(voids.map((each) => each.position.index));
    for (const [index, event] of [...record.events.entries()].toReversed()) {
      if (event.type !== "Moved" || event.address !== current || isVoid.has(index)) continue;
      parts.push({ address: current, since: { seq: record.seq, index } });
      current = event.from;
    }
  }
  return [...parts, { address: current, since: undefined }];
}

/** The address that the line had when the event at `position` was folded. */
export function addressAt(lineage: Lineage, { seq, index }: Position): string {
  const part = lineage.find(({ since }) =>
    since === undefined || since.seq < seq || (since.seq === seq && since.index <= index)
  );
  return part?.address ?? "";
}
