import { runResume } from "../apply_flow.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";

/** `smelt resume` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const [run = "", environment] = input.args;
  return await runResume(context, input, { run, environment });
}
