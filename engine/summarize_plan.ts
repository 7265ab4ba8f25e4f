import type { Action, Plan, PlanSummary } from "./plan.ts";

/** Counts the resources of a plan by what happens to them. */
export function summarizePlan({ resources }: Plan): PlanSummary {
  const counts = new Map<Action, number>();
  let move = 0;
  let imported = 0;
  let deposed = 0;
  let unchanged = 0;
  for (const each of resources) {
    counts.set(each.action, (counts.get(each.action) ?? 0) + 1);
    if (each.arrival?.kind === "moved") move++;
    if (each.arrival?.kind === "imported") imported++;
    deposed += each.deposed.length;
    if (each.action === "none" && each.arrival === undefined) unchanged++;
  }
  const count = (action: Action) => counts.get(action) ?? 0;
  return {
    create: count("create"),
    update: count("update"),
    replace: count("replace"),
    delete: count("delete"),
    rebind: count("rebind") + count("observe") + count("accept"),
    forget: count("forget"),
    move,
    import: imported,
    deposed,
    unchanged,
  };
}
