import type { HandListener, HandResult, HandSummary } from "../project/change_by_hand.ts";
import type { ApprovedEnvironment } from "../project/apply_project.ts";
import type { ProjectFailure } from "../project/failure.ts";
import type { Result } from "../engine/result.ts";
import type { CommandInput } from "./command_spec.ts";
import { type Answer, confirmRun, reportUnconfirmed } from "./confirm.ts";
import type { CliContext } from "./context.ts";
import { EXIT_CODES } from "./exit_code.ts";
import { openInterrupts } from "./interrupts.ts";
import { jsonText } from "./render/json_text.ts";
import { noticeLines } from "./render/notice_text.ts";
import { progressLine } from "./render/progress_text.ts";
import { repairLines } from "./render/repair_text.ts";
import { reportFailure } from "./report_failure.ts";
import { type Line, line } from "./text.ts";

/** `asks`: the change is asked about unless --yes is given. `forbids`: it only forbids, and is made at once. */
export type HandStyle = "asks" | "forbids";

/** Runs a command that changes one thing in the log by hand: shows it, asks, and tells what came of it. */
export async function runByHand(
  context: CliContext,
  input: CommandInput,
  style: HandStyle,
  work: (listener: HandListener) => Promise<Result<HandResult, ProjectFailure>>,
): Promise<number> {
  const format = input.format;
  const interrupts = openInterrupts(context, (text) => context.printer.err([line(text)]));
  const later: Line[] = [];
  let answer: Answer = "go";
  const approve = async (change: HandSummary, { name, isProtected }: ApprovedEnvironment) => {
    if (style === "forbids") return true;
    const yes = input.flag("yes") ? "yes" : "ask";
    const details = (change.details ?? []).map((each) => `  ${each}`);
    // What nobody is asked about is told once, when it is done.
    const shown = yes === "ask" || details.length > 0 ? [change.summary, ...details] : [];
    context.printer.err(shown.map((each) => line(each)));
    const question = { command: "change", environment: name, isProtected, yes } as const;
    answer = await confirmRun(context, { ...question, confirmed: input.text("confirm") }, interrupts.stop);
    return answer === "go";
  };
  try {
    const result = await work({
      repaired: (repairs) => void later.push(...repairLines(repairs)),
      progress: (progress) => {
        // What a change by hand may have to wait for.
        const told = progress.type === "RunWaits" ? progressLine(progress, undefined) : undefined;
        if (told !== undefined) context.printer.err([told]);
      },
      noticed: (notice) => void later.push(...noticeLines(notice)),
      interrupts,
      approve,
    });
    context.printer.err(later);
    if (!result.ok) return reportFailure(context, result.error, format);
    if (result.value.kind === "declined" && answer !== "go") {
      return reportUnconfirmed(context, answer, format);
    }
    tell(context, result.value, format);
    return EXIT_CODES.ok;
  } finally {
    interrupts.close();
  }
}

function tell(context: CliContext, result: HandResult, format: "text" | "json"): void {
  const summary = result.kind === "changed"
    ? result.change.summary
    : result.kind === "unchanged"
    ? result.summary
    : "";
  if (format === "text") return context.printer.out([line(summary)]);
  context.printer.machine(jsonText({
    schema: "smelt.change.v1",
    changed: result.kind === "changed",
    address: result.kind === "changed" ? result.change.address : undefined,
    run: result.kind === "changed" ? result.run : undefined,
    summary,
    exit: { code: EXIT_CODES.ok, kind: "ok" },
  }));
}
