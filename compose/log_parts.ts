import type { Clock } from "../engine/clock.ts";
import type { ProjectPaths } from "../project/project_paths.ts";
import { FileLog } from "../store/file_log.ts";
import { loadRecordChecks, type RecordChecks } from "../store/record_checks.ts";
import { wholeRecordTest } from "../store/whole_record.ts";

/** The log of a project's environments, and what verifying it takes. */
export interface LogParts {
  readonly log: FileLog;
  readonly checks: RecordChecks;
}

/** Opens the folder of logs of a project; makes nothing. */
export async function openLogFolder(paths: ProjectPaths, clock: Clock, host: string): Promise<LogParts> {
  const checks = await loadRecordChecks();
  const holder = `process ${Deno.pid} on ${host}`;
  const log = new FileLog(paths.logFolder, { clock, holder, isWholeRecord: wholeRecordTest(checks) });
  return { log, checks };
}
