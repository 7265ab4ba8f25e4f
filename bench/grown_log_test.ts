import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { LogSurvey } from "../audit/log_survey.ts";
import { checkpointText } from "../store/checkpoint_codec.ts";
import { FileLog } from "../store/file_log.ts";
import { loadLog } from "../store/load_log.ts";
import { loadRecordChecks } from "../store/record_checks.ts";
import { wholeRecordTest } from "../store/whole_record.ts";
import { systemClock } from "../actors/system_clock.ts";
import { expectInside } from "../tests/harness/inner_program.ts";
import { newProject } from "../tests/harness/test_project.ts";
import { growLog, type GrownSize } from "./grown_log.ts";

/** What verifying a grown log leaves in memory: the fold as text, and what was surveyed. */
async function keptOf(size: GrownSize) {
  await using project = await newProject();
  const eventCount = await growLog(project, size);
  const verified = JSON.parse((await expectInside(project, 0, ["audit", "verify", "--json"])).stdout);
  deepStrictEqual([verified.events, verified.void_events], [eventCount, 0]);
  ok(verified.checks.every((check: { readonly status: string }) => check.status === "ok"));
  const checks = await loadRecordChecks();
  const parts = { clock: systemClock, holder: "test", isWholeRecord: wholeRecordTest(checks) };
  const log = new FileLog(`${project.root}/.smelt/log`, parts);
  const survey = new LogSurvey();
  const fold = await loadLog(log, "default", { checks, pins: [], see: survey.see.bind(survey) });
  strictEqual(survey.eventCount, eventCount);
  const surveyed = survey.voids.length + survey.checkpoints.length + survey.secrets.size;
  return { eventCount, records: fold.head.seq, text: checkpointText(fold), surveyed };
}

Deno.test("growLog() grows a log that verifies, with 10 to 20 events a record, and verifying keeps resources and no events", async () => {
  const short = await keptOf({ resourceCount: 100, eventCount: 300 });
  const long = await keptOf({ resourceCount: 100, eventCount: 3_000 });
  ok(short.eventCount / short.records > 9 && short.eventCount / short.records < 16);
  ok(long.eventCount > 9 * short.eventCount);
  deepStrictEqual([short.surveyed, long.surveyed], [0, 0]);
  // The numbers in it have more digits, and that is all.
  ok(long.text.length < 1.02 * short.text.length, `${short.text.length} and ${long.text.length}`);
});
