import { acceptedLoss } from "../engine/accepted_loss.ts";
import type { LostPin } from "../project/project_ports.ts";
import { loadLog } from "../store/load_log.ts";
import type { LogFold } from "../store/log_fold.ts";
import type { Pin } from "../store/pin.ts";
import type { VerifiedRecord } from "../store/verify_records.ts";
import type { LogParts } from "./log_parts.ts";

/** A log that may be an older one, and the pins that it does not hold. */
export interface RestoredLog {
  readonly fold: LogFold;
  readonly lost: readonly LostPin[];
}

/**
 * Verifies a log from its first record on, which must be the pinned one, and tells which of the later pins it does not hold
 * instead of refusing it. Those whose loss it has accepted already are not among them.
 */
export async function loadRestoredLog(
  { log, checks }: Pick<LogParts, "log" | "checks">,
  { name, pins }: { readonly name: string; readonly pins: readonly Pin[] },
  see: (verified: VerifiedRecord) => void,
): Promise<RestoredLog> {
  const hashes = new Map<number, string>();
  const pinned = new Set(pins.map(({ seq }) => seq));
  const fold = await loadLog(log, name, {
    checks,
    pins: pins.filter(({ seq }) => seq === 1),
    see: (verified) => {
      const { seq } = verified.record;
      if (pinned.has(seq)) hashes.set(seq, verified.hash);
      see(verified);
    },
  });
  const lost = pins.map((pin): LostPin => ({ ...pin, found: hashes.get(pin.seq) }));
  return { fold, lost: lost.filter((each) => each.found !== each.hash && !isAccepted(fold, each)) };
}

/** Whether the log has accepted the loss of each of these. */
export function areAccepted(fold: LogFold, lost: readonly LostPin[]): boolean {
  return lost.every((each) => isAccepted(fold, each));
}

function isAccepted({ environment }: LogFold, pin: LostPin): boolean {
  return acceptedLoss(environment.durableFacts, pin) !== undefined;
}
