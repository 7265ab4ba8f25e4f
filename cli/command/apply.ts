import { REFRESH_TASK } from "../../project/drift_plans.ts";
import { runApply } from "../apply_flow.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { refreshConflict } from "../refresh_conflict.ts";
import { splitEnvironment } from "../split_environment.ts";

/** `smelt apply` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const target = splitEnvironment(input.args);
  if (!input.flag("refresh-only")) return await runApply(context, input, { command: "apply", ...target });
  const conflict = refreshConflict(context, input, target.files);
  if (conflict !== undefined) return conflict;
  return await runApply(context, input, { command: "apply", ...target, task: REFRESH_TASK });
}
