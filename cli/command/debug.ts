import { debugFile } from "../../project/debug_file.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { jsonText } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";

/** `smelt debug` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const [path = ""] = input.args;
  const debugged = await debugFile(context.ports, path);
  if (!debugged.ok) return reportFailure(context, debugged.error, "text");
  const { tree, failure } = debugged.value;
  context.printer.machine(jsonText(tree));
  return failure === undefined ? EXIT_CODES.ok : reportFailure(context, failure, "text");
}
