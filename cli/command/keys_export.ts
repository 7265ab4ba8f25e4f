import { exportKey } from "../../project/export_key.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { jsonText } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";

/** `smelt keys export` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const exported = await exportKey(context.ports, input.args[0]);
  if (!exported.ok) return reportFailure(context, exported.error, input.format);
  const { document, pem } = exported.value;
  context.printer.machine(input.flag("pem") ? pem.trimEnd() : jsonText({ ...document }));
  return EXIT_CODES.ok;
}
