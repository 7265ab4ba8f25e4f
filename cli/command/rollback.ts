import { rollbackTask } from "../../project/rollback_task.ts";
import { runApply } from "../apply_flow.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { reportUsage } from "../report_failure.ts";

/** `smelt rollback` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const seq = input.wholeNumber("to");
  const [environment] = input.args;
  if (seq === undefined) {
    const hint = "smelt history tells what happened at which record";
    return reportUsage(context, "Name a record by --to", hint);
  }
  return await runApply(context, input, {
    command: "apply",
    environment,
    files: [],
    task: rollbackTask(seq),
  });
}
