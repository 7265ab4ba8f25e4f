import { type RotatedKey, rotateKey, type RotationSummary } from "../../project/rotate_key.ts";
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

/** `smelt keys rotate` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const interrupts = openInterrupts(context, (text) => context.printer.err([line(text)]));
  const later: Line[] = [];
  let answer: Answer = "go";
  const approve = async (rotation: RotationSummary) => {
    const { environments, protectedEnvironments } = rotation;
    context.printer.err([line(summaryText(rotation))]);
    const isProtected = protectedEnvironments.length > 0;
    const question = {
      command: "rotate",
      environment: (isProtected ? protectedEnvironments : environments).join(","),
      isProtected,
      yes: input.flag("yes") ? "yes" : "ask",
      confirmed: input.text("confirm"),
    } as const;
    answer = await confirmRun(context, question, interrupts.stop);
    return answer === "go";
  };
  try {
    const rotated = await rotateKey(context.ports, { why: input.text("why") }, {
      repaired: (repairs) => void later.push(...repairLines(repairs)),
      noticed: (notice) => void later.push(...noticeLines(notice)),
      progress: () => {},
      interrupts,
      approve,
    });
    context.printer.err(later);
    if (!rotated.ok) return reportFailure(context, rotated.error, format);
    if (rotated.value.kind === "declined") {
      return reportUnconfirmed(context, answer === "go" ? "declined" : answer, format);
    }
    tell(context, rotated.value, format);
    return EXIT_CODES.ok;
  } finally {
    interrupts.close();
  }
}

function summaryText({ name, environments, stage }: RotationSummary): string {
  const where = environments.join(", ");
  return stage === "start"
    ? `A new key takes the place of "${name}" in ${where}; the old one is revoked`
    : `A rotation of "${name}" was cut short: the old key is revoked in ${where}`;
}

function tell(
  context: CliContext,
  { summary, key, retired }: Extract<RotatedKey, { readonly kind: "rotated" }>,
  format: "text" | "json",
): void {
  const files = [...retired].map(([id, name]) => ({ id, file: `.smelt/keys/${name}.key` }));
  if (format === "json") {
    return context.printer.machine(jsonText({
      schema: "smelt.keys_rotate.v1",
      name: summary.name,
      id: key.id,
      environments: [...summary.environments],
      retired: files,
      exit: { code: EXIT_CODES.ok, kind: "ok" },
    }));
  }
  context.printer.out([
    line(
      span("Rotated", "green"),
      ` "${summary.name}" in ${summary.environments.join(", ")}: now ${key.id.slice(0, 8)}`,
    ),
    ...files.map(({ file }) =>
      line(
        span("  the old private key is kept as ", "dim"),
        file,
        span(": only an older log that was restored needs it", "dim"),
      )
    ),
  ]);
}
