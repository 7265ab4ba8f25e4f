import type { EnvironmentView } from "./environment.ts";
import { reverseEdges } from "./graph.ts";
import { isTouched, type Plan, type PlannedResource } from "./plan.ts";
import { nameTakers } from "./plan_names.ts";
import { reliedOnBy } from "./relied_on.ts";
import type { PlanningContext } from "./plan_wanted.ts";
import { isSettledAbsent } from "./resource_state.ts";
import { compareText } from "./text_order.ts";

/** Which part of what is wanted a plan is about; the addresses exist, in the files or in the log. */
export interface PlanScope {
  /** These, and whatever they need; all when `undefined`. */
  readonly targets: ReadonlySet<string> | undefined;
  /** Not these, nor what cannot be done without them. */
  readonly excludes: ReadonlySet<string>;
}

/** The scope of a plan that is about everything. */
export const WHOLE_SCOPE: PlanScope = { targets: undefined, excludes: new Set() };

/** What a scope makes of a plan. */
export type Narrowed = Pick<Plan, "leftOut" | "refusals">;

/**
 * Leaves alone what is not in the scope of a plan that has been decided as a whole; returns what would have been done there,
 * in code-point order, and which of the refusals are about the rest. A target brings along what it relies on, and, where its object goes, what has to let go of it first. What
 * is excluded keeps from being done what relies on its change, and the going of what it still relies on.
 */
export function narrowPlan(context: PlanningContext, scope: PlanScope): Narrowed {
  const { planned } = context;
  const chosen = scope.targets === undefined ? undefined : chosenBy(context, scope.targets);
  const excluded = excludedBy(context, scope.excludes);
  const isWithin = (address: string) => chosen?.has(address) !== false && !excluded.has(address);
  const leftOut: string[] = [];
  for (const each of [...planned.values()]) {
    if (isWithin(each.address)) continue;
    if (isTouched(each)) leftOut.push(each.address);
    if (!isLeftAlone(each)) planned.set(each.address, { ...each, ...LEFT_ALONE });
  }
  const refusals = context.input.refusals.filter(({ address, from }) =>
    isWithin(address) || (from !== undefined && isWithin(from))
  );
  return { leftOut: leftOut.sort(compareText), refusals };
}

/** Of a planned resource to which nothing is done after all. */
export const LEFT_ALONE = {
  action: "none",
  arrival: undefined,
  changes: [],
  reasons: [],
  deposed: [],
  retained: [],
  goesFirst: [],
  waitsFor: [],
  drift: undefined,
  unrefreshed: undefined,
  missing: undefined,
  unfit: undefined,
} as const satisfies Partial<PlannedResource>;

/** Most of what lies outside of a scope has nothing about it that would have to go. */
function isLeftAlone(planned: PlannedResource): boolean {
  return !isTouched(planned) && planned.drift === undefined && planned.unrefreshed === undefined &&
    planned.missing === undefined && planned.unfit === undefined && planned.changes.length === 0 &&
    planned.reasons.length === 0 && planned.goesFirst.length === 0 && planned.waitsFor.length === 0;
}

function chosenBy({ input, planned }: PlanningContext, targets: ReadonlySet<string>): ReadonlySet<string> {
  const chosen = new Set(targets);
  const movesFrom = new Map(
    [...planned.values()].flatMap(({ address, arrival }) =>
      arrival?.kind === "moved" ? [[arrival.from, address] as const] : []
    ),
  );
  // A set that grows while it is walked is walked to its end.
  for (const address of chosen) {
    const found = planned.get(address);
    for (const dependency of found?.wanted?.dependencies ?? []) chosen.add(dependency);
    for (const giver of found?.waitsFor ?? []) chosen.add(giver.address);
    // What an address takes over finds it empty only when what it held has gone on.
    const next = movesFrom.get(address);
    if (next !== undefined) chosen.add(next);
    if (found === undefined || !goes(found)) continue;
    for (const dependent of input.state.dependents.get(address) ?? []) {
      const relying = planned.get(dependent);
      if (relying !== undefined && isTouched(relying)) chosen.add(dependent);
    }
  }
  return chosen;
}

function excludedBy(
  { input, planned }: PlanningContext,
  excludes: ReadonlySet<string>,
): ReadonlySet<string> {
  const excluded = new Set(excludes);
  if (excluded.size === 0) return excluded;
  const dependents = reverseEdges(
    new Map([...input.wanted].map(([address, each]) => [address, each.dependencies])),
  );
  const takers = nameTakers(planned);
  for (const address of excluded) {
    const found = planned.get(address);
    if (found?.arrival?.kind === "moved" && planned.get(found.arrival.from)?.arrival !== undefined) {
      excluded.add(found.arrival.from);
    }
    if (found !== undefined && isTouched(found)) {
      for (const dependent of dependents.get(address) ?? []) excluded.add(dependent);
    }
    for (const taker of takers.get(address) ?? []) excluded.add(taker);
    const stored = input.state.resources.get(address);
    for (const relied of stored === undefined ? [] : reliedOnBy(stored)) {
      const target = planned.get(relied);
      if (target !== undefined && goes(target)) excluded.add(relied);
    }
  }
  return excluded;
}

/** Whether an object of it is deleted. */
function goes({ action, deposed, goesFirst }: PlannedResource): boolean {
  return action === "delete" || action === "replace" || deposed.length > 0 || goesFirst.length > 0;
}

/**
 * The addresses whose objects must be read before a plan of `targets` can be decided: they, what they rely on, in the files
 * and in the log, and, of those that no file wants, what relies on them.
 */
export function addressesToRead(
  needs: ReadonlyMap<string, readonly string[]>,
  state: EnvironmentView,
  targets: ReadonlySet<string>,
): ReadonlySet<string> {
  const read = new Set(targets);
  for (const address of read) {
    for (const dependency of needs.get(address) ?? []) read.add(dependency);
    const stored = state.resources.get(address);
    if (stored === undefined || isSettledAbsent(stored)) continue;
    for (const { address: relied } of stored.object?.dependencies ?? []) read.add(relied);
    if (needs.has(address)) continue;
    for (const dependent of state.dependents.get(address) ?? []) read.add(dependent);
  }
  return read;
}
