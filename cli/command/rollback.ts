import { parseMoment } from "../../project/log_moment.ts";
import { rollbackTask } from "../../project/rollback_task.ts";
import { runApply } from "../apply_flow.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { reportUsage } from "../report_usage.ts";

/** `smelt rollback` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const text = input.text("to");
  if (text === undefined) {
    return reportUsage(context, {
      message: "Name a record by --to",
      hint: "smelt history tells what happened at which record",
    }, input.format);
  }
  const moment = parseMoment(text);
  if (!moment.ok) {
    return reportUsage(
      context,
      { message: moment.error.message, hint: moment.error.hint },
      input.format,
    );
  }
  const [environment] = input.args;
  const task = rollbackTask(moment.value);
  return await runApply(context, input, { command: "apply", environment, files: [], task });
}
