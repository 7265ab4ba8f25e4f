import type { ApplyTask } from "../project/apply_project.ts";
import { runApply } from "./apply_flow.ts";
import type { CommandInput } from "./command_spec.ts";
import type { CliContext } from "./context.ts";
import { reportUsage } from "./report_failure.ts";

/** Carries out what is to be done about drift: of the resource that is named, or of all with `--all`. */
export async function runDriftTask(
  context: CliContext,
  input: CommandInput,
  taskFor: (address: string | undefined) => ApplyTask,
): Promise<number> {
  const isAll = input.flag("all");
  const [first, second] = input.args;
  if (!isAll && first === undefined) {
    return reportUsage(context, "Name an address, or give --all", "smelt drift lists what has drifted");
  }
  if (isAll && second !== undefined) {
    return reportUsage(context, `Found the address "${first}" beside --all`, "Leave one of them out");
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
