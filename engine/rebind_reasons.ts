import type { PlanInput } from "./make_plan.ts";
import type { LiveView } from "./plan_lookup.ts";
import type { PlanningContext } from "./plan_wanted.ts";
import { relationReasons } from "./relation_reasons.ts";
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
  const { wanted } = existing;
  const object = existing.live.stored;
  const reasons: string[] = [];
  if (!sameRelations(context, existing)) {
    const named = namedRelations(context, existing);
    reasons.push(...named.length > 0 ? named : ["what it relies on is new"]);
  }
  if (object.schemaVersion !== wanted.schemaVersion) {
    reasons.push(
      `its type is at version ${wanted.schemaVersion}, it was stored under ${object.schemaVersion}`,
    );
  }
  if (!sameDescription(object, wanted)) reasons.push("its annotations changed");
  return [...reasons, ...protectionReasons(existing)];
}

/** What an update or a replacement changes besides of what the object relies on: its fields may not show it. */
export function namedRelations({ input }: PlanningContext, existing: Existing): readonly string[] {
  const { live: { stored }, state, wanted } = existing;
  return relationReasons({ ...stored, bindings: heededBindings(input, state.address, stored) }, wanted);
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

function sameRelations(context: PlanningContext, { state, live: { stored }, wanted }: Existing): boolean {
  return sameDependencies(context, stored.dependencies, wanted.dependencies) &&
    sameBindings(heededBindings(context.input, state.address, stored), storedBindings(wanted)) &&
    sameTriggers(Object.keys(stored.triggers), wanted);
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

function sameTriggers(stored: readonly string[], { triggers }: Wanted): boolean {
  const keys = new Set(triggers.map(triggerKey));
  return stored.length === keys.size && stored.every((key) => keys.has(key));
}

function sameDescription(object: StoredObject, wanted: Wanted): boolean {
  const { intent, owner, retained } = object.description;
  const now = wanted.description;
  return intent === now.intent && owner === now.owner && retained === now.retained;
}

/** Whether `@ignore_changes` names a path, or the section that it is in. */
export function isWithin(path: FieldPath, ignored: readonly string[]): boolean {
  return ignored.includes(formatFieldPath(path)) || (path.section !== "" && ignored.includes(path.section));
}
