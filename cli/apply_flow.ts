import {
  type ApplyListener,
  applyProject,
  type ApplyRequest,
  type ApplyResult,
} from "../project/apply_project.ts";
import type { CommandInput } from "./command_spec.ts";
import { confirmRun, reportUnconfirmed } from "./confirm.ts";
import type { Answer } from "./confirm.ts";
import type { CliContext } from "./context.ts";
import { EXIT_CODES, type ExitKind } from "./exit_code.ts";
import { openInterrupts } from "./interrupts.ts";
import { jsonText } from "./render/json_text.ts";
import { outcomeJson } from "./render/outcome_json.ts";
import { outcomeLines } from "./render/outcome_text.ts";
import { planJson } from "./render/plan_json.ts";
import { planLines } from "./render/plan_text.ts";
import { problemLines } from "./render/problem_text.ts";
import { settledLines } from "./render/settled_text.ts";
import { reportFailure, reportWarnings } from "./report_failure.ts";
import { openRunView, type RunView } from "./run_view.ts";
import { line } from "./text.ts";

/** How many resources change at once when nobody says otherwise. */
const DEFAULT_PARALLELISM = 10;

/** Carries out `apply` and `destroy`: shows the plan, asks, shows the run, and tells what came of it. */
export async function runApply(
  context: CliContext,
  input: CommandInput,
  target: Pick<ApplyRequest, "command" | "environment" | "files">,
): Promise<number> {
  const format = input.flag("json") ? "json" : "text";
  const flow = new ApplyFlow(context, input, format);
  const result = await flow.apply({
    ...target,
    refresh: input.flag("no-refresh") ? "none" : "all",
    parallelism: input.wholeNumber("parallelism") ?? DEFAULT_PARALLELISM,
    why: input.text("why"),
  });
  if (result === undefined) return flow.exitCode;
  return endApply(context, result, format);
}

class ApplyFlow implements ApplyListener {
  readonly #context: CliContext;
  readonly #input: CommandInput;
  readonly #format: "text" | "json";
  readonly #interrupts;
  #view: RunView | undefined;
  #answer: Answer = "go";
  exitCode: number = EXIT_CODES.ok;

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
  async apply(request: ApplyRequest): Promise<ApplyResult | undefined> {
    try {
      const result = await applyProject(this.#context.ports, request, this);
      this.#view?.close();
      if (!result.ok) {
        this.exitCode = reportFailure(this.#context, result.error, this.#format);
        return undefined;
      }
      if (result.value.kind !== "declined" || this.#answer === "go") return result.value;
      this.exitCode = reportUnconfirmed(this.#context, this.#answer, this.#format);
      return undefined;
    } finally {
      this.#view?.close();
      this.#interrupts.close();
    }
  }

  settled: ApplyListener["settled"] = (result) => {
    this.#context.printer.err(settledLines(result));
  };

  refused: ApplyListener["refused"] = ({ plan, summary, problems, warnings, sources }) => {
    reportWarnings(this.#context, warnings, sources);
    if (this.#format === "text") this.#context.printer.err(planLines(plan, summary));
    this.#context.printer.err(problems.flatMap(problemLines));
  };

  approve: ApplyListener["approve"] = async (prepared, { name, isProtected }) => {
    const { plan, summary, steps, warnings, sources } = prepared;
    reportWarnings(this.#context, warnings, sources);
    if (this.#format === "text") this.#context.printer.err([...planLines(plan, summary), line()]);
    const yes = this.#input.flag("yes") ? "yes" : "ask";
    const confirmed = this.#input.text("confirm");
    this.#answer = await confirmRun(this.#context, { environment: name, isProtected, yes, confirmed });
    if (this.#answer !== "go") return false;
    this.#view = openRunView(this.#context, plan, steps, this.#format);
    return true;
  };

  progress: ApplyListener["progress"] = (progress) => this.#view?.observe(progress);

  #note(text: string): void {
    if (this.#view === undefined) this.#context.printer.err([line(text)]);
    else this.#view.note(line(text));
  }
}

function endApply(context: CliContext, result: ApplyResult, format: "text" | "json"): number {
  if (result.kind !== "ran") {
    const { plan, summary, warnings, sources } = result.prepared;
    reportWarnings(context, warnings, sources);
    if (format === "json") context.printer.machine(jsonText(planJson(plan, summary)));
    else context.printer.out(planLines(plan, summary));
    return EXIT_CODES.ok;
  }
  const kind = exitKindOf(result);
  if (format === "json") context.printer.machine(jsonText(outcomeJson(result, kind)));
  else context.printer.out(outcomeLines(result));
  return EXIT_CODES[kind];
}

/** In doubt or deposed outweighs partial, since somebody must look. What a destroy keeps is protected: it has not destroyed all. */
function exitKindOf({ run, deposed, prepared }: Extract<ApplyResult, { readonly kind: "ran" }>): ExitKind {
  const outcomes = [...run.resources.values()];
  if (outcomes.some((each) => each.kind === "inDoubt") || deposed.length > 0) return "inDoubt";
  const goodCount = outcomes.filter((each) => each.kind === "succeeded").length;
  if (goodCount < outcomes.length) return goodCount === 0 ? "error" : "partial";
  const isKept = prepared.plan.command === "destroy" &&
    prepared.plan.resources.some((each) => each.action === "none");
  if (isKept) return "partial";
  return run.end === "succeeded" ? "ok" : "error";
}
