import type { Action, Plan, PlanSummary } from "./plan.ts";

/** Counts the resources of a plan by what happens to them. */
export function summarizePlan(plan: Plan): PlanSummary {
  const count = (action: Action) => plan.resources.filter((each) => each.action === action).length;
  return {
    create: count("create"),
    update: count("update"),
    replace: count("replace"),
    delete: count("delete"),
    rebind: count("rebind"),
    forget: count("forget"),
    deposed: plan.resources.reduce((sum, each) => sum + each.deposed.length, 0),
    unchanged: count("none"),
  };
}
