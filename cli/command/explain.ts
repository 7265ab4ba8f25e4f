import { CHANGE_KINDS } from "../../engine/change_impact.ts";
import { explainProject } from "../../project/explain_project.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { explainJson } from "../render/explain_json.ts";
import { explainLines } from "../render/explain_text.ts";
import { jsonText } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";

/** `smelt explain` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const [address = "", ...files] = input.args;
  const format = input.format;
  const explained = await explainProject(context.ports, {
    address,
    files,
    environment: input.text("env"),
    change: CHANGE_KINDS.find((kind) => kind === input.text("for")),
  });
  if (!explained.ok) return reportFailure(context, explained.error, format);
  if (format === "json") context.printer.machine(jsonText(explainJson(explained.value)));
  else context.printer.out(explainLines(explained.value));
  return EXIT_CODES.ok;
}
