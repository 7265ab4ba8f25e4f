import { recoverProject } from "../../project/recover_project.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { openInterrupts } from "../interrupts.ts";
import { jsonText } from "../render/json_text.ts";
import { noticeLines } from "../render/notice_text.ts";
import { repairLines } from "../render/repair_text.ts";
import { settledLines } from "../render/settled_text.ts";
import { reportFailure } from "../report_failure.ts";
import { line } from "../text.ts";

/** `smelt recover` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.flag("json") ? "json" : "text";
  const interrupts = openInterrupts(context, (text) => context.printer.err([line(text)]));
  try {
    const request = { environment: input.args[0], parallelism: 10, why: input.text("why") };
    const recovered = await recoverProject(context.ports, request, {
      repaired: (repairs) => context.printer.err(repairLines(repairs)),
      noticed: (notice) => context.printer.err(noticeLines(notice)),
      progress: () => {},
      interrupts,
    });
    if (!recovered.ok) return reportFailure(context, recovered.error, format);
    const { settled = [], unsettled = [] } = recovered.value ?? {};
    const kind = unsettled.length > 0 ? "inDoubt" : "ok";
    if (format === "json") {
      context.printer.machine(jsonText({
        settled: settled.map((each) => ({ ...each })),
        unsettled: unsettled.map(({ address, failure }) => ({ address, message: failure.message })),
        exit: { code: EXIT_CODES[kind], kind },
      }));
    } else if (recovered.value === undefined) context.printer.out([line("Nothing is in doubt")]);
    else context.printer.out(settledLines(recovered.value));
    return EXIT_CODES[kind];
  } finally {
    interrupts.close();
  }
}
