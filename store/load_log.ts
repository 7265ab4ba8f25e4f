import type { LogBackend } from "./log_backend.ts";
import { LogFold } from "./log_fold.ts";
import { requireReached, standingPins } from "./pin.ts";
import { type Verification, verifyRecords } from "./verify_records.ts";

/**
 * Reads and verifies the log of `environment` from its first record to its end, and folds it. Changes nothing. An
 * environment without records gives an empty fold, unless a pin names one. Throws an `IntegrityError` when the log is
 * damaged or does not hold what a pin names, unless it says that an admin key has accepted the loss of just that.
 */
export async function loadLog(
  log: Pick<LogBackend, "read">,
  environment: string,
  verification: Verification,
): Promise<LogFold> {
  const fold = new LogFold(environment);
  await extendFold(fold, log, verification);
  requireReached(standingPins(verification.pins, fold.environment.durableFacts), fold.head, environment);
  return fold;
}

/** Verifies and folds what has been appended since. */
export async function extendFold(
  fold: LogFold,
  log: Pick<LogBackend, "read">,
  verification: Verification,
): Promise<void> {
  await verifyRecords(fold, log.read(fold.name, fold.head.seq + 1), verification);
}
