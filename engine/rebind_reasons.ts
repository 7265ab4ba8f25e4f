import type { PlanInput } from "./make_plan.ts";
import type { LiveView } from "./plan_lookup.ts";
import type { PlanningContext } from "./plan_wanted.ts";
import type { Binding, Dependency } from "./resource_event.ts";
import type { ResourceState, StoredObject } from "./resource_state.ts";
import { type FieldPath, formatFieldPath, parseFieldPath, type ResourceSchema } from "./schema.ts";
import { compareText } from "./text_order.ts";
import { triggerKey } from "./trigger_value.ts";
import type { ValueRecord } from "./value.ts";
import { storedBindings, type Wanted } from "./wanted.ts";

/** A resource that lives and is wanted. */
export interface Existing {
  readonly state: ResourceState;
  readonly live: LiveView;
  readonly wanted: Wanted;
  readonly schema: ResourceSchema;
  readonly fields: ValueRecord;
}

/** What the log has to learn of a resource of which no field changes. */
export function rebindReasons(context: PlanningContext, existing: Existing): readonly string[] {
  const { state, wanted } = existing;
  const object = existing.live.stored;
  const reasons: string[] = [];
  if (!sameDependencies(context, object.dependencies, wanted.dependencies)) {
    reasons.push("what it relies on is new");
  } else if (!sameBindings(heededBindings(context.input, state.address, object), storedBindings(wanted))) {
    reasons.push("what gives its fields is new");
  }
  if (areTriggersNew(existing)) reasons.push("what it is replaced with is new");
  if (object.schemaVersion !== wanted.schemaVersion) {
    reasons.push(
      `its type is at version ${wanted.schemaVersion}, it was stored under ${object.schemaVersion}`,
    );
  }
  if (!sameDescription(object, wanted)) reasons.push("its annotations changed");
  return [...reasons, ...protectionReasons(existing)];
}

/** What an update does besides to what guards the object, and to whose it is: nobody should have to guess that from the fields. */
export function guardReasons(existing: Existing): readonly string[] {
  const { live, wanted } = existing;
  const [before, now] = [live.stored.description.retained, wanted.description.retained];
  const retained = before === now ? [] : [now ? "retain is switched on" : "retain is switched off"];
  const [owner, other] = [live.stored.description.owner, wanted.description.owner];
  const owned = owner === other ? [] : [`its owner becomes ${other === undefined ? "nobody" : `"${other}"`}`];
  return [...retained, ...owned, ...protectionReasons(existing)];
}

function protectionReasons({ state, wanted }: Existing): readonly string[] {
  if (state.isProtected === wanted.isProtected || state.isProtectedByHand) return [];
  return [wanted.isProtected ? "protection is switched on" : "protection is switched off"];
}

function sameDependencies(
  context: PlanningContext,
  stored: readonly Dependency[],
  wanted: readonly string[],
): boolean {
  if (stored.length !== wanted.length) return false;
  // Both stand in one order; logs of before may hold another.
  const isSorted = stored.every((each, index) => each.address === wanted[index]);
  const known = isSorted ? undefined : new Map(stored.map((each) => [each.address, each.incarnation]));
  return wanted.every((address, index) => {
    const action = context.planned.get(address)?.action;
    if (action === "create" || action === "replace") return false;
    const incarnation = known === undefined ? stored[index]?.incarnation : known.get(address);
    return incarnation === context.input.state.resources.get(address)?.object?.incarnation;
  });
}

/** Stored bindings, without those of fields that are ignored by now. */
function heededBindings(input: PlanInput, address: string, { bindings }: StoredObject): readonly Binding[] {
  const ignored = input.ignored.get(address) ?? [];
  return bindings.filter(({ path }) => !isWithin(parseFieldPath(path), ignored));
}

/** Older logs hold the places in the order of the files. */
function sameBindings(stored: readonly Binding[], wanted: readonly Binding[]): boolean {
  if (stored.length === 0 && wanted.length === 0) return true;
  const sorted = stored.toSorted((a, b) => compareText(a.path, b.path));
  return stored.length === wanted.length && sorted.every((old, index) => {
    const now = wanted[index];
    return old.path === now?.path && old.source === now.source && old.from.length === now.from.length &&
      old.from.every((address, place) => address === now.from[place]);
  });
}

function sameDescription(object: StoredObject, wanted: Wanted): boolean {
  const { intent, owner, retained } = object.description;
  const now = wanted.description;
  return intent === now.intent && owner === now.owner && retained === now.retained;
}

function areTriggersNew({ live, wanted }: Existing): boolean {
  const stored = Object.keys(live.stored.triggers);
  const keys = new Set(wanted.triggers.map(triggerKey));
  return stored.length !== keys.size || stored.some((key) => !keys.has(key));
}

/** Whether `@ignore_changes` names a path, or the section that it is in. */
export function isWithin(path: FieldPath, ignored: readonly string[]): boolean {
  return ignored.includes(formatFieldPath(path)) || (path.section !== "" && ignored.includes(path.section));
}
