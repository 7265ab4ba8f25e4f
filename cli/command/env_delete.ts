import type { ApprovedEnvironment } from "../../project/apply_project.ts";
import { deleteEnvironment } from "../../project/delete_environment.ts";
import type { CommandInput } from "../command_spec.ts";
import { type Answer, confirmRun, reportUnconfirmed } from "../confirm.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { openInterrupts } from "../interrupts.ts";
import { jsonText } from "../render/json_text.ts";
import { noticeLines } from "../render/notice_text.ts";
import { repairLines } from "../render/repair_text.ts";
import { reportFailure } from "../report_failure.ts";
import { type Line, line, span } from "../text.ts";

/** `smelt env delete` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const interrupts = openInterrupts(context, (text) => context.printer.err([line(text)]));
  const later: Line[] = [];
  let answer: Answer = "go";
  const approve = async ({ name, isProtected }: ApprovedEnvironment) => {
    const yes = input.flag("yes") ? "yes" : "ask";
    const question = {
      command: "end",
      environment: name,
      isProtected,
      yes,
      confirmed: input.text("confirm"),
    } as const;
    answer = await confirmRun(context, question, interrupts.stop);
    return answer === "go";
  };
  try {
    const request = { environment: input.args[0] ?? "", why: input.text("why") };
    const deleted = await deleteEnvironment(context.ports, request, {
      repaired: (repairs) => void later.push(...repairLines(repairs)),
      noticed: (notice) => void later.push(...noticeLines(notice)),
      interrupts,
      approve,
    });
    context.printer.err(later);
    if (!deleted.ok) return reportFailure(context, deleted.error, format);
    if (deleted.value.kind === "declined") {
      return reportUnconfirmed(context, answer === "go" ? "declined" : answer, format);
    }
    tell(context, deleted.value, format);
    return EXIT_CODES.ok;
  } finally {
    interrupts.close();
  }
}

function tell(
  context: CliContext,
  { name, logAt }: { readonly name: string; readonly logAt: string | undefined },
  format: "text" | "json",
): void {
  if (format === "json") {
    return context.printer.machine(jsonText({ schema: "smelt.env_delete.v1", name, log: logAt ?? null }));
  }
  const kept = logAt === undefined ? [] : [line(span("  its log is kept in  ", "dim"), logAt)];
  context.printer.out([line(span("Deleted", "green"), ` the environment ${name}`), ...kept]);
}
