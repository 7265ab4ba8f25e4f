import type { ApprovedEnvironment } from "../../project/apply_project.ts";
import { type ApprovablePlan, type ApprovalResult, approvePlan } from "../../project/approve_plan.ts";
import type { CommandInput } from "../command_spec.ts";
import { type Answer, confirmRun, reportUnconfirmed } from "../confirm.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { openInterrupts } from "../interrupts.ts";
import { jsonText } from "../render/json_text.ts";
import { noticeLines } from "../render/notice_text.ts";
import { planJson } from "../render/plan_json.ts";
import { preparedLines } from "../render/plan_text.ts";
import { repairLines } from "../render/repair_text.ts";
import { reportFailure } from "../report_failure.ts";
import { type Line, line, span } from "../text.ts";

/** `smelt plan approve` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const [path = "", environment] = input.args;
  const interrupts = openInterrupts(context, (text) => context.printer.err([line(text)]));
  const later: Line[] = [];
  let answer: Answer = "go";
  const approve = async (plan: ApprovablePlan, { name, isProtected }: ApprovedEnvironment) => {
    show(context, plan);
    const yes = input.flag("yes") ? "yes" : "ask";
    const question = { command: "approve", environment: name, isProtected, yes } as const;
    answer = await confirmRun(context, { ...question, confirmed: input.text("confirm") }, interrupts.stop);
    return answer === "go";
  };
  try {
    const result = await approvePlan(context.ports, { path, environment, why: input.text("why") }, {
      repaired: (repairs) => void later.push(...repairLines(repairs)),
      noticed: (notice) => void later.push(...noticeLines(notice)),
      approve,
    });
    context.printer.err(later);
    if (!result.ok) return reportFailure(context, result.error, format);
    if (result.value.kind === "declined") {
      return reportUnconfirmed(context, answer === "go" ? "declined" : answer, format);
    }
    // Who has approved it before sees once more what.
    if (result.value.kind === "unchanged") show(context, result.value.approved);
    tell(context, result.value, format);
    return EXIT_CODES.ok;
  } finally {
    interrupts.close();
  }
}

/** What is approved is what is seen, all of it: with --json too. */
function show(context: CliContext, plan: ApprovablePlan): void {
  context.printer.err([...preparedLines(plan, "full"), line()]);
}

function tell(
  context: CliContext,
  { kind, tally, approved }: Exclude<ApprovalResult, { readonly kind: "declined" }>,
  format: "text" | "json",
): void {
  const { environment, given, plan, wanted } = tally;
  const count = given.filter((each) => each.flaw === undefined).length;
  const missing = Math.max(0, wanted - count);
  if (format === "json") {
    return context.printer.machine(jsonText({
      schema: "smelt.plan_approval.v1",
      changed: kind === "approved",
      environment,
      plan,
      approvals: given.map(({ keyId, keyName, seq, at, flaw }) => ({
        key: keyId,
        name: keyName,
        record: seq,
        at,
        counts: flaw === undefined,
      })),
      wanted,
      missing,
      approved: planJson(approved.plan, approved.summary, []),
      exit: { code: EXIT_CODES.ok, kind: "ok" },
    }));
  }
  const verb = kind === "approved" ? span("Approved", "green") : span("Approved before");
  const names = given.map(({ keyName, flaw }) =>
    flaw === undefined ? keyName : `${keyName} (does not count)`
  );
  const left = missing === 0
    ? "it can be applied"
    : `${missing === 1 ? "1 approval is" : `${missing} approvals are`} missing`;
  context.printer.out([
    line(verb, ` for ${environment}, ${count} of ${wanted}, by ${names.join(", ")}: ${left}`),
  ]);
}
