import type { RunStarted } from "../engine/environment_event.ts";
import { formatPosition } from "../engine/position.ts";
import type { VerifiedRecord } from "../store/verify_records.ts";

/** The start of the run that has used the approvals of a plan up. */
export interface PlanStart {
  readonly started: RunStarted;
  readonly seq: number;
  /** The key that signed it, by id. */
  readonly keyId: string;
}

/** Finds it, by the digest of the plan. `records` are all of a log, verified, from the first one on. */
export function planStart(records: Iterable<VerifiedRecord>, plan: string): PlanStart | undefined {
  for (const { record, voids } of records) {
    const passedOver = new Set(voids.map((each) => formatPosition(each.position)));
    for (const [index, event] of record.events.entries()) {
      if (event.type !== "RunStarted" || event.plan !== plan || event.writes.length === 0) continue;
      if (passedOver.has(formatPosition({ seq: record.seq, index }))) continue;
      return { started: event, seq: record.seq, keyId: record.by };
    }
  }
  return undefined;
}
