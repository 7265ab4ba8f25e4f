import { isEmptyPlan } from "../../engine/make_plan.ts";
import { REFRESH_TASK } from "../../project/drift_plans.ts";
import { ok, type Result } from "../../engine/result.ts";
import type { ProjectFailure } from "../../project/failure.ts";
import { planProject, type ShownPlan } from "../../project/plan_project.ts";
import type { PlanRequest } from "../../project/prepare_plan.ts";
import {
  DEFAULT_PLAN_LIFETIME_MS,
  planLifetimeMs,
  type SavedPlan,
  savePlan,
} from "../../project/save_plan.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { planExtent } from "../plan_extent.ts";
import { jsonText } from "../render/json_text.ts";
import { noticeLines } from "../render/notice_text.ts";
import { heldLines } from "../render/held_text.ts";
import { accountLines } from "../render/terms_text.ts";
import { planJson } from "../render/plan_json.ts";
import { preparedLines } from "../render/plan_text.ts";
import { problemLines } from "../render/problem_text.ts";
import { refreshConflict } from "../refresh_conflict.ts";
import { reportFailure, reportWarnings } from "../report_failure.ts";
import { reportUsage } from "../report_usage.ts";
import { scopeRequest } from "../scope_request.ts";
import { splitEnvironment } from "../split_environment.ts";
import { type Line, line, span } from "../text.ts";

/** `smelt plan` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const request = {
    command: input.flag("destroy") ? "destroy" : "apply",
    ...splitEnvironment(input.args),
    refresh: input.flag("no-refresh") ? "none" : "all",
    massGone: input.flag("allow-gone") ? "allow" : "refuse",
    task: input.flag("refresh-only") ? REFRESH_TASK : undefined,
    ...scopeRequest(input),
  } as const;
  const wrong = wrongUse(input, request);
  if (wrong !== undefined) {
    return reportUsage(context, { message: wrong }, input.format);
  }
  const path = input.text("out");
  const expires = input.text("expires");
  const lifetimeMs = expires === undefined ? DEFAULT_PLAN_LIFETIME_MS : planLifetimeMs(expires) ?? 0;
  const prepared: Result<SavedPlan, ProjectFailure> = path === undefined
    ? unsaved(await planProject(context.ports, request))
    : await savePlan(context.ports, { ...request, path, lifetimeMs });
  if (!prepared.ok) return reportFailure(context, prepared.error, format);
  const { plan, summary, problems, held, warnings, sources, isInitialised, notices, saved } = prepared.value;
  reportWarnings(context, warnings, sources);
  if (format === "json") context.printer.machine(jsonText(planJson(plan, summary, held, saved)));
  else context.printer.out(preparedLines(prepared.value, planExtent(input)));
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
  context.printer.err(path === undefined ? [] : savedLines(path, saved));
  if (path !== undefined && saved === undefined) return EXIT_CODES[problems.length > 0 ? "error" : "runLive"];
  if (problems.length > 0) return EXIT_CODES.error;
  return input.flag("detailed-exitcode") && !isEmptyPlan(plan) ? EXIT_CODES.changes : EXIT_CODES.ok;
}

function unsaved<E>(plan: Result<ShownPlan, E>): Result<SavedPlan, E> {
  return plan.ok ? ok({ ...plan.value, saved: undefined }) : plan;
}

function wrongUse(input: CommandInput, request: Pick<PlanRequest, "command" | "files">): string | undefined {
  const expires = input.text("expires");
  if (expires !== undefined && input.text("out") === undefined) return "--expires goes with --out";
  if (expires !== undefined && planLifetimeMs(expires) === undefined) {
    return `Cannot use "${expires}" for --expires: expected a time such as 30m, 8h or 72h, at most 720h`;
  }
  if (request.command === "destroy" && request.files.length > 0) return "--destroy reads no files";
  return refreshConflict(input, request.files);
}

function savedLines(path: string, saved: SavedPlan["saved"]): readonly Line[] {
  if (saved === undefined) {
    return [line(span("error", "red"), ": The plan was not saved: it cannot be applied")];
  }
  const { accounts, approvals } = saved;
  const first = approvals === 0 ? [] : [line(
    `${
      approvals === 1 ? "1 other key has" : `${approvals} other keys have`
    } to approve it first: smelt plan approve ${path}`,
  )];
  return [
    line(`Saved to ${path}. To carry it out before ${saved.expiresAt}: smelt apply --plan-file ${path}`),
    ...accountLines(accounts),
    ...first,
  ];
}
