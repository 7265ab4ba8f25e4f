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
  const format = input.flag("json") ? "json" : "text";
  if (!isAll && first === undefined) {
    const hint = "smelt drift lists what has drifted";
    return reportUsage(context, "Name an address, or give --all", hint, format);
  }
  if (isAll && second !== undefined) {
    const hint = "Leave one of them out";
    return reportUsage(context, `Found the address "${first}" beside --all`, hint, format);
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
