import { reverseEdges } from "./graph.ts";
import type { PlannedResource } from "./plan.ts";
import { dependentsOf, type PlanningContext } from "./plan_wanted.ts";
import { type Reliance, reliancesIn, reliancesOn } from "./reliances.ts";

/**
 * Spreads what goes first over what relies on it. An old object that makes room for a new one goes after whatever relies on
 * it and goes too; so that must go first as well where it could otherwise go only later: when its own successor relies on
 * the new one, or when something that stays relies on it until the new one is there.
 */
export function spreadFirstDeletions({ input, planned }: PlanningContext): void {
  const open = [...planned.values()].filter((each) => each.goesFirst.length > 0);
  if (open.length === 0) return;
  const waiting = waitingForRoom(planned);
  const reliances = reliancesIn(input.state);
  const on = (address: string, id: string) => reliancesOn(reliances, input.state, address, id);
  for (let cause = open.pop(); cause !== undefined; cause = open.pop()) {
    for (const reliance of cause.goesFirst.flatMap((id) => on(cause?.address ?? "", id))) {
      const { address, objectId } = reliance;
      const dependent = planned.get(address);
      if (dependent === undefined || dependent.goesFirst.includes(objectId) || !goes(dependent, reliance)) {
        continue;
      }
      // An old object of before goes only after what else happens to its resource.
      const follows = reliance.isLive ? dependent.action === "replace" : dependent.action !== "none";
      const isSuccessorHeld = follows && waiting.has(address);
      const isHeld = isSuccessorHeld ||
        on(address, objectId).some((each) => each.isLive && waiting.has(each.address));
      if (!isHeld) continue;
      const reason = `it relies on ${cause.address}, whose old object goes first`;
      const goesFirst = [...dependent.goesFirst, objectId];
      // Whoever relies on it now is known to the plan: only one that comes to it later makes the plan stale.
      const dependents = dependentsOf(input, address);
      const spread = { ...dependent, goesFirst, dependents, reasons: [...dependent.reasons, reason] };
      planned.set(address, spread);
      open.push(spread);
    }
  }
}

/** Whether the plan deletes this object of a resource. */
function goes(
  { action, deposed, retained }: PlannedResource,
  { objectId, isLive }: Reliance,
): boolean {
  if (retained.includes(objectId)) return false;
  return isLive ? action === "replace" || action === "delete" : deposed.includes(objectId);
}

/** Addresses whose creation or change waits until an old object has made room: theirs, or one of what they rely on. */
export function waitingForRoom(planned: ReadonlyMap<string, PlannedResource>): ReadonlySet<string> {
  const firsts = [...planned.values()].filter((each) =>
    each.wanted !== undefined && each.goesFirst.length + each.waitsFor.length > 0
  );
  if (firsts.length === 0) return new Set();
  const edges = new Map([...planned].map(([address, each]) => [address, each.wanted?.dependencies ?? []]));
  const dependents = reverseEdges(edges);
  const waiting = new Set(firsts.map((each) => each.address));
  for (const address of waiting) for (const each of dependents.get(address) ?? []) waiting.add(each);
  return waiting;
}
