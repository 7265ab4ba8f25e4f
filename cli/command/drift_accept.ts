import { acceptTask } from "../../project/drift_plans.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { runDriftTask } from "../drift_flow.ts";

/** `smelt drift accept` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  return await runDriftTask(context, input, acceptTask);
}
