import { nameIn, namesHeld } from "./name_holders.ts";
import type { NameGiver, PlannedResource } from "./plan.ts";
import { liveView } from "./plan_lookup.ts";
import { dependentsOf, type PlanningContext } from "./plan_wanted.ts";
import type { FieldPath, ResourceSchema } from "./schema.ts";

/**
 * Lets names that can be held only once go from one address to another: what is to bear the name waits until the object that
 * bears it has been deleted or changed. A resource that was renamed in the files without `moved` is such a case.
 */
export function planNames(context: PlanningContext): void {
  const holders = new Map<string, Holders>();
  for (const { address, type } of [...context.planned.values()]) {
    const schema = context.input.schemas(type);
    const path = schema?.world?.uniqueName;
    const name = path === undefined ? undefined : takenName(context, address, path);
    if (schema === undefined || path === undefined || name === undefined) continue;
    const held = holders.get(type) ?? holdersOf(context, schema, path);
    holders.set(type, held);
    const givers = (held.get(name) ?? []).filter((each) =>
      each.address !== address && givesUp(context.planned.get(each.address), each, { path, name })
    );
    if (givers.length > 0) takeOver(context, address, givers);
  }
}

/** Addresses that wait for a name, by the address that gives it up. */
export function nameTakers(
  planned: ReadonlyMap<string, PlannedResource>,
): ReadonlyMap<string, readonly string[]> {
  const takers = new Map<string, string[]>();
  for (const { address, waitsFor } of planned.values()) {
    for (const giver of waitsFor) takers.set(giver.address, [...takers.get(giver.address) ?? [], address]);
  }
  return takers;
}

/** Objects by the name that they bear. */
type Holders = ReadonlyMap<string, readonly NameGiver[]>;

function holdersOf({ input }: PlanningContext, schema: ResourceSchema, path: FieldPath): Holders {
  const holders = new Map<string, NameGiver[]>();
  for (const state of input.state.resources.values()) {
    const { address } = state;
    for (const { id, name } of namesHeld({ schema, state, live: liveView(input, address) }, path)) {
      holders.set(name, [...holders.get(name) ?? [], { address, objectId: id }]);
    }
  }
  return holders;
}

/** The name that an object is to bear, unless the one that it replaces or changes bears it already. */
function takenName(
  { input, planned }: PlanningContext,
  address: string,
  path: FieldPath,
): string | undefined {
  const { action, bound } = planned.get(address) ?? {};
  const name = bound === undefined ? undefined : nameIn(bound, path);
  if (action === "create") return name;
  if (action !== "replace" && action !== "update") return undefined;
  const live = liveView(input, address);
  const held = live === undefined ? undefined : nameIn(live.fields, path) ?? nameIn(live.inputs, path);
  return held === name ? undefined : name;
}

/** Whether the plan deletes the object, or changes it so that it bears another name. */
function givesUp(
  giver: PlannedResource | undefined,
  { objectId }: NameGiver,
  taken: { readonly path: FieldPath; readonly name: string },
): boolean {
  if (giver === undefined || giver.retained.includes(objectId)) return false;
  if (objectId !== giver.objectId) return giver.deposed.includes(objectId);
  if (giver.action === "delete") return true;
  if (giver.action !== "replace" && giver.action !== "update") return false;
  const next = giver.bound === undefined ? undefined : nameIn(giver.bound, taken.path);
  return next !== undefined && next !== taken.name;
}

function takeOver({ input, planned }: PlanningContext, address: string, givers: readonly NameGiver[]): void {
  for (const { address: from, objectId } of givers) {
    const giver = planned.get(from);
    if (giver === undefined || isChangedInPlace(giver, objectId) || giver.goesFirst.includes(objectId)) {
      continue;
    }
    const reasons = [...giver.reasons, `${address} takes over its name, which can be held once only`];
    const goesFirst = [...giver.goesFirst, objectId];
    planned.set(from, { ...giver, goesFirst, dependents: dependentsOf(input, from), reasons });
  }
  // Read now: it may itself have become one that goes first, where two give their names to each other.
  const taker = planned.get(address);
  if (taker === undefined) return;
  const from = [...new Set(givers.map((each) => each.address))].join(", ");
  const reasons = [...taker.reasons, `its name is given up by ${from} first`];
  planned.set(address, { ...taker, waitsFor: givers, reasons });
}

function isChangedInPlace({ action, objectId: live }: PlannedResource, objectId: string): boolean {
  return action === "update" && live === objectId;
}
