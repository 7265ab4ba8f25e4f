import type { Action, Plan, PlanSummary } from "./plan.ts";

/** Counts the resources of a plan by what happens to them. */
export function summarizePlan(plan: Plan): PlanSummary {
  const count = (action: Action) => plan.resources.filter((each) => each.action === action).length;
  return {
    create: count("create"),
    update: count("update"),
    replace: count("replace"),
    delete: count("delete"),
    rebind: count("rebind") + count("observe") + count("accept"),
    forget: count("forget"),
    move: plan.resources.filter((each) => each.arrival?.kind === "moved").length,
    import: plan.resources.filter((each) => each.arrival?.kind === "imported").length,
    deposed: plan.resources.reduce((sum, each) => sum + each.deposed.length, 0),
    unchanged: plan.resources.filter((each) => each.action === "none" && each.arrival === undefined).length,
  };
}
