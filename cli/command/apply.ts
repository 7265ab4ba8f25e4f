import { runApply } from "../apply_flow.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { splitEnvironment } from "../split_environment.ts";

/** `smelt apply` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  return await runApply(context, input, { command: "apply", ...splitEnvironment(input.args) });
}
