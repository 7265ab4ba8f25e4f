import type { Clock } from "../engine/clock.ts";
import type { LogBackend, Repair } from "./log_backend.ts";
import type { SealedRecord } from "./seal_record.ts";

/** Where records go, and who hears of what was mended on the way. */
export interface Delivery {
  readonly log: LogBackend;
  readonly environment: string;
  readonly clock: Clock;
  repaired(repair: Repair): void;
}

/**
 * Sends one record, the same bytes each time, until the store has given a definite answer. `taken` does not say whose
 * record it is: an earlier sending of this one may have been stored without its answer arriving.
 */
export async function deliverRecord(
  delivery: Delivery,
  sealed: SealedRecord,
  signal: AbortSignal,
): Promise<"stored" | "taken"> {
  const { log, environment, clock } = delivery;
  for (;;) {
    const answer = await log.append(environment, sealed.record.seq, sealed.bytes);
    if (answer.kind !== "again") {
      if (answer.repaired !== undefined) delivery.repaired(answer.repaired);
      return answer.kind;
    }
    await clock.sleep(answer.afterMs, signal);
  }
}
