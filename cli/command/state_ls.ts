import { listResources } from "../../project/list_resources.ts";
import { readState } from "../../project/read_environment.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { jsonText } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";
import { line } from "../text.ts";

/** `smelt state ls` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.flag("json") ? "json" : "text";
  const found = await readState(
    context.ports,
    input.args[0],
    (opened) => listResources(opened.environment.journal.state),
  );
  if (!found.ok) return reportFailure(context, found.error, format);
  if (format === "json") {
    context.printer.machine(
      jsonText(
        found.value.map(({ address, type, status, id }) => ({ address, type, status, id: id ?? null })),
      ),
    );
  } else context.printer.out(found.value.map((each) => line(each.address)));
  return EXIT_CODES.ok;
}
