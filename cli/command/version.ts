import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { jsonText } from "../render/json_text.ts";
import { line } from "../text.ts";

/** `smelt version` */
export function run(context: CliContext, input: CommandInput): Promise<number> {
  if (input.flag("json")) {
    context.printer.machine(jsonText({ version: context.version, deno: Deno.version.deno }));
  } else context.printer.out([line(`smelt ${context.version}`)]);
  return Promise.resolve(EXIT_CODES.ok);
}
