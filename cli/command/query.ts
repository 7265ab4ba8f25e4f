import { listResources } from "../../project/list_resources.ts";
import { readState } from "../../project/read_environment.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { jsonText } from "../render/json_text.ts";
import { resourceJson } from "../render/resource_json.ts";
import { reportFailure } from "../report_failure.ts";
import { alignColumns, line, span } from "../text.ts";

/** `smelt query` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.flag("json") ? "json" : "text";
  const prefix = input.text("filter") ?? "";
  const found = await readState(
    context.ports,
    input.args[0],
    (opened) =>
      listResources(opened.environment.journal.state).filter((each) => each.address.startsWith(prefix)),
  );
  if (!found.ok) return reportFailure(context, found.error, format);
  if (format === "json") {
    context.printer.machine(jsonText(found.value.map(resourceJson)));
    return EXIT_CODES.ok;
  }
  const rows = found.value.map((each) => [
    span(each.address, "bold"),
    span(each.type),
    span(
      each.isInDoubt ? `${each.status}, in doubt` : each.status,
      each.status === "live" ? "green" : "yellow",
    ),
    span(each.id ?? "-"),
    span(each.intent === undefined ? "" : `# ${each.intent}`, "dim"),
  ]);
  context.printer.out([...alignColumns(rows), line(span(countText(found.value.length), "dim"))]);
  return EXIT_CODES.ok;
}

function countText(count: number): string {
  return count === 1 ? "1 resource" : `${count} resources`;
}
