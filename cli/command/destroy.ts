import { runApply } from "../apply_flow.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";

/** `smelt destroy` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  return await runApply(context, input, { command: "destroy", environment: input.args[0], files: [] });
}
