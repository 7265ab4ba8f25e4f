import { reverseEdges } from "./graph.ts";
import { isTouched, type PlannedResource } from "./plan.ts";
import { nameTakers } from "./plan_names.ts";
import type { PlanningContext } from "./plan_wanted.ts";
import { reliedOnBy } from "./relied_on.ts";

/**
 * Spreads what cannot be decided over what would be done to its neighbours, and no further: nothing is made or changed that
 * relies on it, and nothing is deleted or replaced that it relies on. All else goes on.
 */
export function spreadBlocks({ input, planned }: PlanningContext): void {
  const open = [...planned.values()].filter(isBlocked);
  if (open.length === 0) return;
  const dependents = reverseEdges(
    new Map([...input.wanted].map(([address, each]) => [address, each.dependencies])),
  );
  const takers = nameTakers(planned);
  const block = (address: string, why: string, test: (each: PlannedResource) => boolean) => {
    const found = planned.get(address);
    if (found === undefined || isBlocked(found) || !test(found)) return;
    const blocked = { ...found, ...NOTHING_DONE, unrefreshed: why };
    planned.set(address, blocked);
    open.push(blocked);
  };
  for (let cause = open.pop(); cause !== undefined; cause = open.pop()) {
    const { address } = cause;
    for (const dependent of dependents.get(address) ?? []) {
      block(dependent, `${address}, which it relies on, cannot be decided`, acts);
    }
    for (const taker of takers.get(address) ?? []) {
      block(taker, `${address}, which holds its name, cannot be decided`, acts);
    }
    const stored = input.state.resources.get(address);
    for (const relied of stored === undefined ? [] : reliedOnBy(stored)) {
      block(relied, `${address} relies on it and cannot be decided`, removes);
    }
  }
}

const NOTHING_DONE = {
  action: "none",
  changes: [],
  reasons: [],
  deposed: [],
  retained: [],
  goesFirst: [],
  waitsFor: [],
} as const satisfies Partial<PlannedResource>;

function isBlocked(planned: PlannedResource): boolean {
  return planned.unrefreshed !== undefined;
}

function acts(planned: PlannedResource): boolean {
  return isTouched(planned) || removes(planned);
}

function removes({ action, deposed, goesFirst }: PlannedResource): boolean {
  return action === "delete" || action === "replace" || deposed.length > 0 || goesFirst.length > 0;
}
