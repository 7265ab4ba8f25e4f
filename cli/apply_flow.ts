import {
  type ApplyListener,
  applyProject,
  type ApplyRequest,
  type ApplyResult,
  DEFAULT_PARALLELISM,
} from "../project/apply_project.ts";
import type { PreparedPlan } from "../project/prepare_plan.ts";
import { applySavedPlan, type SavedApplyRequest } from "../project/apply_saved_plan.ts";
import type { ConfigFailure } from "../project/desired_config.ts";
import type { ProjectFailure } from "../project/failure.ts";
import { type ResumeRequest, resumeRun } from "../project/resume_run.ts";
import type { Result } from "../engine/result.ts";
import type { CommandInput } from "./command_spec.ts";
import { confirmRun, reportUnconfirmed } from "./confirm.ts";
import type { Answer, Question } from "./confirm.ts";
import type { CliContext } from "./context.ts";
import { EXIT_CODES } from "./exit_code.ts";
import { openInterrupts } from "./interrupts.ts";
import { heldLines } from "./render/held_text.ts";
import { jsonText } from "./render/json_text.ts";
import { outcomeJson } from "./render/outcome_json.ts";
import { noticeLines } from "./render/notice_text.ts";
import { countLine, unsettledLines } from "./render/outcome_text.ts";
import { preparedLines } from "./render/plan_text.ts";
import { problemLines } from "./render/problem_text.ts";
import { repairLines } from "./render/repair_text.ts";
import { settledLines } from "./render/settled_text.ts";
import { reportFailure, reportWarnings } from "./report_failure.ts";
import { emptyReport, type Repair, runExitKind, type RunReport, runReport } from "./run_report.ts";
import { planExtent } from "./plan_extent.ts";
import { openRunView, type RunView } from "./run_view.ts";
import { scopeRequest } from "./scope_request.ts";
import { type Line, line, span } from "./text.ts";

/** Carries out `apply` and `destroy`: shows the plan, asks, shows the run, and tells what came of it. */
export async function runApply(
  context: CliContext,
  input: CommandInput,
  target: Pick<ApplyRequest, "command" | "environment" | "files" | "task">,
): Promise<number> {
  const request = {
    ...target,
    refresh: input.flag("no-refresh") ? "none" : "all",
    ...scopeRequest(input),
    ...runOptions(input),
  } as const;
  return await runFlow(context, input, (listener) => applyProject(context.ports, request, listener));
}

/** Carries out the plan in a file, in the same way. */
export async function runSavedPlan(
  context: CliContext,
  input: CommandInput,
  target: Pick<SavedApplyRequest, "environment" | "path">,
): Promise<number> {
  const request = { ...target, ...runOptions(input) };
  return await runFlow(context, input, (listener) => applySavedPlan(context.ports, request, listener));
}

/** Takes up a run of before, in the same way. */
export async function runResume(
  context: CliContext,
  input: CommandInput,
  target: Pick<ResumeRequest, "environment" | "run">,
): Promise<number> {
  const refresh = input.flag("no-refresh") ? "none" : "all";
  const request = { ...target, refresh, ...runOptions(input) } as const;
  return await runFlow(context, input, (listener) => resumeRun(context.ports, request, listener));
}

function runOptions(input: CommandInput): Pick<ApplyRequest, "parallelism" | "why" | "massGone"> {
  return {
    parallelism: input.wholeNumber("parallelism") ?? DEFAULT_PARALLELISM,
    why: input.text("why"),
    massGone: input.flag("allow-gone") ? "allow" : "refuse",
  };
}

async function runFlow(context: CliContext, input: CommandInput, apply: Applying): Promise<number> {
  const flow = new ApplyFlow(context, input, input.format);
  const result = await flow.apply(apply);
  if (result === undefined) return flow.exitCode;
  return endApply(context, input, result, flow.repairs);
}

type Applying = (
  listener: ApplyListener,
) => Promise<Result<ApplyResult, ProjectFailure | ConfigFailure>>;

class ApplyFlow implements ApplyListener {
  readonly #context: CliContext;
  readonly #input: CommandInput;
  readonly #format: "text" | "json";
  readonly #interrupts;
  #view: RunView | undefined;
  #answer: Answer = "go";
  #stage: "working" | "asking" = "working";
  exitCode: number = EXIT_CODES.ok;
  /** What the command has mended at the end of the log. */
  repairs: readonly Repair[] = [];

  constructor(context: CliContext, input: CommandInput, format: "text" | "json") {
    this.#context = context;
    this.#input = input;
    this.#format = format;
    this.#interrupts = openInterrupts(context, (text) => this.#note(text));
  }

  get interrupts(): ApplyListener["interrupts"] {
    return this.#interrupts;
  }

  /** The result, or `undefined` after a failure or an answer other than yes, which have been told. */
  async apply(apply: Applying): Promise<ApplyResult | undefined> {
    try {
      const result = await apply(this);
      this.#closeView();
      if (!result.ok) {
        this.exitCode = reportFailure(this.#context, result.error, this.#format);
        return undefined;
      }
      if (result.value.kind !== "declined" || this.#answer === "go") return result.value;
      this.exitCode = reportUnconfirmed(this.#context, this.#answer, this.#format);
      return undefined;
    } finally {
      this.#closeView();
      this.#interrupts.close();
    }
  }

  repaired: ApplyListener["repaired"] = (repairs) => {
    this.repairs = repairs;
    this.#closeView();
    this.#context.printer.err(repairLines(repairs));
  };

  noticed: ApplyListener["noticed"] = (notice) => {
    this.#closeView();
    this.#context.printer.err(noticeLines(notice));
  };

  settled: ApplyListener["settled"] = (result) => {
    this.#closeView();
    this.#context.printer.err(settledLines(result));
  };

  refused: ApplyListener["refused"] = (prepared) => {
    const { problems, held, warnings, sources } = prepared;
    this.#closeView();
    reportWarnings(this.#context, warnings, sources);
    // Where a live run is all that stands in the way, the failure that follows says so.
    if (problems.length === 0) return;
    if (this.#format === "text") this.#context.printer.err(preparedLines(prepared, planExtent(this.#input)));
    this.#context.printer.err([...held.flatMap(heldLines), ...problems.flatMap(problemLines)]);
  };

  approve: ApplyListener["approve"] = async (prepared, { name, isProtected }) => {
    const { plan, steps, warnings, sources } = prepared;
    this.#closeView();
    reportWarnings(this.#context, warnings, sources);
    if (this.#format === "text") {
      this.#context.printer.err([...preparedLines(prepared, planExtent(this.#input)), line()]);
    }
    const yes = this.#input.flag("yes") ? "yes" : "ask";
    const confirmed = this.#input.text("confirm");
    const command = questionOf(prepared);
    const question = { command, environment: name, isProtected, yes, confirmed } as const;
    this.#stage = "asking";
    this.#answer = await confirmRun(this.#context, question, this.#interrupts.stop);
    this.#stage = "working";
    if (this.#answer !== "go") return false;
    this.#view = openRunView(this.#context, plan, steps, this.#format);
    return true;
  };

  /** What comes before the question is about doubts of earlier runs, and has no plan. */
  progress: ApplyListener["progress"] = (progress) => {
    this.#view ??= openRunView(this.#context, undefined, [], this.#format);
    this.#view.observe(progress);
  };

  #closeView(): void {
    this.#view?.close();
    this.#view = undefined;
  }

  #note(text: string): void {
    // The answer to an interrupted question says all.
    if (this.#stage === "asking") return;
    if (this.#view === undefined) this.#context.printer.err([line(text)]);
    else this.#view.note(line(text));
  }
}

/** The files were not read, and may want what is no more. */
function afterLines({ purpose }: RunReport): readonly Line[] {
  if (purpose?.kind !== "rollback") return [];
  return [line(
    span("note", "cyan"),
    ": the files are as they were: smelt plan shows what an apply of them would change again",
  )];
}

function questionOf({ plan, purpose }: PreparedPlan): Question["command"] {
  return purpose?.kind === "refresh" || purpose?.kind === "accept" ? "record" : plan.command;
}

function endApply(
  context: CliContext,
  input: CommandInput,
  result: ApplyResult,
  repairs: readonly Repair[],
): number {
  const { format } = input;
  if (result.kind !== "ran") {
    const { warnings, sources } = result.prepared;
    reportWarnings(context, warnings, sources);
    const report = emptyReport(result.prepared, repairs);
    const kind = result.kind === "empty" ? runExitKind(report) : "ok";
    if (format === "json") context.printer.machine(jsonText(outcomeJson(report, kind)));
    else {
      context.printer.out(preparedLines(result.prepared, planExtent(input)));
      context.printer.err(unsettledLines(report));
    }
    return EXIT_CODES[kind];
  }
  const report = runReport(result, repairs);
  const kind = runExitKind(report);
  if (format === "json") {
    context.printer.machine(jsonText(outcomeJson(report, kind)));
    return EXIT_CODES[kind];
  }
  context.printer.err([...unsettledLines(report), ...afterLines(report)]);
  context.printer.out([countLine(report)]);
  return EXIT_CODES[kind];
}
