import { REFRESH_TASK } from "../../project/drift_plans.ts";
import { runApply, runSavedPlan } from "../apply_flow.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { refreshConflict } from "../refresh_conflict.ts";
import { reportUsage } from "../report_usage.ts";
import { splitEnvironment } from "../split_environment.ts";

/** `smelt apply` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const target = splitEnvironment(input.args);
  const conflict = refreshConflict(input, target.files);
  if (conflict !== undefined) {
    return reportUsage(context, { message: conflict }, input.format);
  }
  const task = input.flag("refresh-only") ? REFRESH_TASK : undefined;
  const path = input.text("plan-file");
  if (path === undefined) return await runApply(context, input, { command: "apply", ...target, task });
  const [unused] = [
    ...target.files.length > 0 ? ["files"] : [],
    ...["target", "exclude", "replace"].filter((name) => input.texts(name).length > 0).map((name) =>
      `--${name}`
    ),
    ...input.flag("no-refresh") ? ["--no-refresh"] : [],
  ];
  if (unused !== undefined) {
    return reportUsage(context, {
      message: `${unused} cannot go with --plan-file: the plan is made already`,
      hint: "Give it to plan --out",
    }, input.format);
  }
  return await runSavedPlan(context, input, { environment: target.environment, path });
}
