import { listResources } from "../../project/list_resources.ts";
import { lookAt } from "../../project/look_at.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { readMoment } from "../read_moment.ts";
import { jsonText } from "../render/json_text.ts";
import { momentLines } from "../render/moment_text.ts";
import { resourceJson } from "../render/resource_json.ts";
import { reportFailure } from "../report_failure.ts";
import { reportUsage } from "../report_usage.ts";
import { alignColumns, line, span } from "../text.ts";

/** `smelt query` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const prefix = input.text("filter") ?? "";
  const at = readMoment(input.text("at"));
  if (!at.ok) return reportUsage(context, at.error, format);
  const look = await lookAt(context.ports, input.args[0], at.value);
  if (!look.ok) return reportFailure(context, look.error, format);
  context.printer.err(momentLines(look.value.moment));
  const found = listResources(look.value.state).filter((each) => each.address.startsWith(prefix));
  if (format === "json") {
    context.printer.machine(jsonText(found.map(resourceJson)));
    return EXIT_CODES.ok;
  }
  const rows = found.map((each) => [
    span(each.address, "bold"),
    span(each.type),
    span(
      each.isInDoubt ? `${each.status}, in doubt` : each.status,
      each.status === "live" ? "green" : "yellow",
    ),
    span(each.id ?? "-"),
    span(each.intent === undefined ? "" : `# ${each.intent}`, "dim"),
  ]);
  context.printer.out([...alignColumns(rows), line(span(countText(found.length), "dim"))]);
  return EXIT_CODES.ok;
}

function countText(count: number): string {
  return count === 1 ? "1 resource" : `${count} resources`;
}
