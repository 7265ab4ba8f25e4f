import type { Plan } from "../engine/plan.ts";
import type { PlanProblem } from "../engine/plan_problems.ts";
import type { Registry } from "../providers/registry.ts";

/**
 * What of a plan its run would refuse for where it is to be, such as a file behind a link into smelt's own folder: told while
 * nothing is done yet, and before an approval is spent on it. What cannot be looked at here is left to the run.
 */
export async function checkPlaces(plan: Plan, registry: Registry): Promise<readonly PlanProblem[]> {
  const problems: PlanProblem[] = [];
  for (const { action, address, type, bound } of plan.resources) {
    const isSent = action === "create" || action === "update" || action === "replace";
    const found = isSent ? registry.lookUp(type) : undefined;
    if (bound === undefined || found?.ok !== true) continue;
    const checked = await found.value.provider.check(type, bound);
    if (checked.ok || checked.error.kind !== "InvalidConfig") continue;
    problems.push({ kind: "UnfitValue", address, why: checked.error.message });
  }
  return problems;
}
