import { isEmptyPlan } from "../../engine/make_plan.ts";
import { REFRESH_TASK } from "../../project/drift_plans.ts";
import { planProject } from "../../project/plan_project.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { jsonText } from "../render/json_text.ts";
import { noticeLines } from "../render/notice_text.ts";
import { heldLines } from "../render/held_text.ts";
import { planJson } from "../render/plan_json.ts";
import { preparedLines } from "../render/plan_text.ts";
import { problemLines } from "../render/problem_text.ts";
import { reportFailure, reportWarnings } from "../report_failure.ts";
import { refreshConflict } from "../refresh_conflict.ts";
import { splitEnvironment } from "../split_environment.ts";
import { line, span } from "../text.ts";

/** `smelt plan` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.flag("json") ? "json" : "text";
  const target = splitEnvironment(input.args);
  const conflict = input.flag("refresh-only") ? refreshConflict(context, input, target.files) : undefined;
  if (conflict !== undefined) return conflict;
  const prepared = await planProject(context.ports, {
    command: "apply",
    ...target,
    refresh: input.flag("no-refresh") ? "none" : "all",
    massGone: input.flag("allow-gone") ? "allow" : "refuse",
    task: input.flag("refresh-only") ? REFRESH_TASK : undefined,
  });
  if (!prepared.ok) return reportFailure(context, prepared.error, format);
  const { plan, summary, problems, held, warnings, sources, isInitialised, notices } = prepared.value;
  reportWarnings(context, warnings, sources);
  if (format === "json") context.printer.machine(jsonText(planJson(plan, summary, held)));
  else context.printer.out(preparedLines(prepared.value));
  if (!isInitialised) {
    context.printer.err([
      line(span("note", "cyan"), ": there is no log yet: run smelt init, then smelt apply"),
    ]);
  }
  context.printer.err([
    ...notices.flatMap(noticeLines),
    ...held.flatMap(heldLines),
    ...problems.flatMap(problemLines),
  ]);
  if (problems.length > 0) return EXIT_CODES.error;
  return input.flag("detailed-exitcode") && !isEmptyPlan(plan) ? EXIT_CODES.changes : EXIT_CODES.ok;
}
