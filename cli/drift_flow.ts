import type { ApplyTask } from "../project/apply_project.ts";
import { runApply } from "./apply_flow.ts";
import type { CommandInput } from "./command_spec.ts";
import type { CliContext } from "./context.ts";
import { reportUsage } from "./report_usage.ts";

/** Carries out what is to be done about drift: of the resource that is named, or of all with `--all`. */
export async function runDriftTask(
  context: CliContext,
  input: CommandInput,
  taskFor: (address: string | undefined) => ApplyTask,
): Promise<number> {
  const isAll = input.flag("all");
  const [first, second] = input.args;
  if (!isAll && first === undefined) {
    return reportUsage(context, {
      message: "Name an address, or give --all",
      hint: "smelt drift lists what has drifted",
    }, input.format);
  }
  if (isAll && second !== undefined) {
    return reportUsage(context, {
      message: `Found the address "${first}" beside --all`,
      hint: "Leave one of them out",
    }, input.format);
  }
  const address = isAll ? undefined : first;
  const environment = isAll ? first : second;
  return await runApply(context, input, {
    command: "apply",
    environment,
    files: [],
    task: taskFor(address),
  });
}
