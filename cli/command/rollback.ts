import { parseMoment } from "../../project/log_moment.ts";
import { rollbackTask } from "../../project/rollback_task.ts";
import { runApply } from "../apply_flow.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { reportUsage } from "../report_failure.ts";

/** `smelt rollback` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const text = input.text("to");
  if (text === undefined) {
    return reportUsage(context, "Name a record by --to", "smelt history tells what happened at which record");
  }
  const moment = parseMoment(text);
  if (!moment.ok) return reportUsage(context, moment.error.message, moment.error.hint);
  const [environment] = input.args;
  const task = rollbackTask(moment.value);
  return await runApply(context, input, { command: "apply", environment, files: [], task });
}
