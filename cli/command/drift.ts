import type { DriftReport } from "../../engine/find_drift.ts";
import { driftProject } from "../../project/drift_project.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES, type ExitKind } from "../exit_code.ts";
import { driftReportJson } from "../render/drift_report_json.ts";
import { driftReportLines } from "../render/drift_report_text.ts";
import { jsonText } from "../render/json_text.ts";
import { noticeLines } from "../render/notice_text.ts";
import { reportFailure, reportWarnings } from "../report_failure.ts";
import { splitEnvironment } from "../split_environment.ts";

/** `smelt drift` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const shown = await driftProject(context.ports, {
    ...splitEnvironment(input.args),
    massGone: input.flag("allow-gone") ? "allow" : "refuse",
  });
  if (!shown.ok) return reportFailure(context, shown.error, format);
  const { report, warnings, sources, notices } = shown.value;
  const kind = exitKind(report, input.flag("exit-code") ? "told" : "plain");
  reportWarnings(context, warnings, sources);
  if (format === "json") context.printer.machine(jsonText(driftReportJson(shown.value, kind)));
  else context.printer.out(driftReportLines(shown.value));
  context.printer.err(notices.flatMap(noticeLines));
  return EXIT_CODES[kind];
}

/**
 * An error where nothing at all could be told. `told`: with `--exit-code`, drift is a code of its own, and 0 means that everything
 * was read and nothing has drifted.
 */
function exitKind({ drifted, unread, sameCount }: DriftReport, style: "told" | "plain"): ExitKind {
  if (unread.length > 0 && drifted.length === 0 && sameCount === 0) return "error";
  if (style === "plain") return "ok";
  if (drifted.length > 0) return "changes";
  return unread.length > 0 ? "error" : "ok";
}
