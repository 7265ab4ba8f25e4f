import { loadLog } from "./load_log.ts";
import type { LogBackend, StoredRecord } from "./log_backend.ts";
import type { LogFold } from "./log_fold.ts";
import type { Verification } from "./verify_records.ts";

/** Like `loadLog`, but as if the log ended with record `seq`: what the environment was then. Pins of later records are passed over. */
export async function loadLogUntil(
  log: Pick<LogBackend, "read">,
  environment: string,
  seq: number,
  verification: Verification,
): Promise<LogFold> {
  const pins = verification.pins.filter((pin) => pin.seq <= seq);
  const cut = { read: (name: string, fromSeq: number) => recordsUntil(log.read(name, fromSeq), seq) };
  return await loadLog(cut, environment, { ...verification, pins });
}

async function* recordsUntil(
  records: AsyncIterable<StoredRecord>,
  seq: number,
): AsyncGenerator<StoredRecord> {
  for await (const record of records) {
    if (record.seq > seq) return;
    yield record;
    if (record.seq === seq) return;
  }
}
