import { IntegrityError } from "../engine/integrity_error.ts";
import type { WholeRecordTest } from "./file_log.ts";
import { LogFold } from "./log_fold.ts";
import type { RecordChecks } from "./record_checks.ts";
import { openRecord } from "./record_codec.ts";
import { type Verification, verifyRecords } from "./verify_records.ts";

/**
 * Makes the test of whether the unfinished end of a log is a whole record that verifies where it stands. Throws when what
 * stands before is damaged: a damaged log is not mended.
 */
export function wholeRecordTest(checks: RecordChecks): WholeRecordTest {
  const verification: Verification = { checks, pins: [], see: () => {} };
  return async (environment, before, candidate) => {
    const fold = new LogFold(environment);
    if (!isRecord(candidate.bytes, fold.placeOf(candidate.seq))) return false;
    await verifyRecords(fold, before, verification);
    return await verifies(() => verifyRecords(fold, oneOf(candidate), verification));
  };
}

function isRecord(bytes: Uint8Array, where: string): boolean {
  try {
    openRecord(bytes, where);
    return true;
  } catch (error) {
    if (error instanceof IntegrityError && error.kind === "malformed") return false;
    throw error;
  }
}

async function verifies(verify: () => Promise<void>): Promise<boolean> {
  try {
    await verify();
    return true;
  } catch (error) {
    if (error instanceof IntegrityError && error.kind !== "version") return false;
    throw error;
  }
}

async function* oneOf<T>(value: T): AsyncGenerator<T> {
  yield value;
}
