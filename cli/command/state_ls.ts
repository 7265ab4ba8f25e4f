import { listResources } from "../../project/list_resources.ts";
import { lookAt } from "../../project/look_at.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { readMoment } from "../read_moment.ts";
import { jsonText } from "../render/json_text.ts";
import { momentLines } from "../render/moment_text.ts";
import { reportFailure } from "../report_failure.ts";
import { reportUsage } from "../report_usage.ts";
import { line } from "../text.ts";

/** `smelt state ls` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const at = readMoment(input.text("at"));
  if (!at.ok) return reportUsage(context, at.error, format);
  const look = await lookAt(context.ports, input.args[0], at.value);
  if (!look.ok) return reportFailure(context, look.error, format);
  context.printer.err(momentLines(look.value.moment));
  const found = listResources(look.value.state);
  if (format === "json") {
    context.printer.machine(
      jsonText(
        found.map(({ address, type, status, id }) => ({ address, type, status, id: id ?? null })),
      ),
    );
  } else context.printer.out(found.map((each) => line(each.address)));
  return EXIT_CODES.ok;
}
