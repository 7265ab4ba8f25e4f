import type { Arrival, Move } from "./arrivals.ts";
import { type EnvironmentView, ownerKey } from "./environment.ts";
import type { Irreversible } from "./irreversible.ts";
import { makePlan, type PlanInput } from "./make_plan.ts";
import type { Plan, PlannedResource } from "./plan.ts";
import { absentResource, type ResourceState, type StoredObject } from "./resource_state.ts";
import { err, ok, type Result } from "./result.ts";
import { isBlank } from "./same_values.ts";
import type { ResourceSchema } from "./schema.ts";
import { compareText } from "./text_order.ts";
import { cycleAmong, type DependencyCycle, wantStored } from "./want_stored.ts";
import type { ValueRecord } from "./value.ts";
import { decodeRecord } from "./value_codec.ts";
import { getField, setField, type Wanted } from "./wanted.ts";

/** What a plan to a past state is made of. */
export interface RollbackInput extends Omit<PlanInput, "wanted" | "ignored" | "removed" | "outputs"> {
  /** The state that is to be again. */
  readonly past: EnvironmentView;
  /** Moves back to where objects were then. */
  readonly arrivals: ReadonlyMap<string, Arrival>;
}

/** A plan to a past state, and what no plan can bring back. */
export interface RollbackPlan {
  readonly plan: Plan;
  /** In code-point order of their addresses. */
  readonly irreversible: readonly Irreversible[];
}

/** Moves of objects that live under another address now than in `past`. */
export function movesBack(past: EnvironmentView, now: EnvironmentView): readonly Move[] {
  return [...past.resources.values()].flatMap(({ address, object }) => {
    if (object === undefined) return [];
    const holders = now.owners.get(ownerKey(object.type, object.account, object.id)) ?? new Set();
    const [from] = [...holders].filter((each) => now.resources.get(each)?.object?.id === object.id);
    return from === undefined || holders.has(address) ? [] : [{ from, to: address }];
  });
}

/**
 * A plan like any other, which wants what lived in a past state as it was sent then, and nothing else. What is protected now is
 * never deleted or replaced by it: it stays as it is, with all that it relies on.
 */
export function planRollback(input: RollbackInput): Result<RollbackPlan, DependencyCycle> {
  const kept = new Map<string, string>();
  for (;;) {
    const wanted = wantedThen(input, kept);
    const cycle = cycleAmong(wanted);
    if (cycle !== undefined) return err(cycle);
    const state = { ...input.state, resources: untainted(input.state.resources) };
    const plan = makePlan({ ...input, state, wanted, ignored: new Map(), removed: new Set(), outputs: [] });
    const more = toBeKept(input.state, plan, kept);
    if (more.size === 0) return ok({ plan, irreversible: irreversibleOf(input, plan, kept) });
    for (const [address, why] of more) kept.set(address, why);
  }
}

/** A mark for replacement waits for the next apply of the files. */
function untainted(resources: ReadonlyMap<string, ResourceState>): ReadonlyMap<string, ResourceState> {
  return new Map([...resources].map(([address, state]) => [address, { ...state, taint: undefined }]));
}

function wantedThen(
  input: RollbackInput,
  kept: ReadonlyMap<string, string>,
): ReadonlyMap<string, Wanted> {
  const { past, state } = input;
  const objects = new Map<string, Source>();
  for (const { address, object } of past.resources.values()) {
    if (object !== undefined && isKnown(input, object)) objects.set(address, { object, from: past });
  }
  for (const address of [...kept.keys(), ...unknownThen(input)]) {
    const object = state.resources.get(address)?.object;
    if (object !== undefined && isKnown(input, object)) objects.set(address, { object, from: state });
  }
  const wanted = new Map<string, Wanted>();
  for (const [address, { object, from }] of objects) {
    const schema = input.schemas(object.type);
    if (schema === undefined) continue;
    const isProtected = isProtectedIn(input, address);
    const basis = { state: from, isWanted: (target: string) => objects.has(target), isProtected };
    const want = wantStored(object, schema, basis);
    const now = state.resources.get(address)?.object;
    const fields = from === past ? withDecidedThen(want.fields, schema, object, now) : want.fields;
    wanted.set(address, { ...want, fields });
  }
  return wanted;
}

/**
 * What was the provider's to decide then and has been set since, in an object that still lives: as it was seen then. Where nobody
 * set it since, it is the provider's still.
 */
function withDecidedThen(
  fields: ValueRecord,
  schema: ResourceSchema,
  then: StoredObject,
  now: StoredObject | undefined,
): ValueRecord {
  if (now?.id !== then.id || now.type !== then.type) return fields;
  const [seen, sent] = [decodeRecord(then.fields), decodeRecord(now.inputs)];
  const paths = schema.sections.flatMap((section) =>
    section.fields.filter((field) => field.computed).map((field) => ({
      section: section.name,
      field: field.name,
    }))
  );
  return paths.reduce((made, path) => {
    const value = getField(seen, path);
    const isLeft = isBlank(getField(fields, path)) && !isBlank(getField(sent, path));
    return isLeft && value !== undefined && value !== null ? setField(made, path, value) : made;
  }, fields);
}

interface Source {
  readonly object: StoredObject;
  readonly from: EnvironmentView;
}

/** A rollback takes no protection away; one of the files comes back with what it protected. */
function isProtectedIn({ past, state }: RollbackInput, address: string): boolean {
  const then = past.resources.get(address) ?? absentResource(address);
  return state.resources.get(address)?.isProtected === true || (then.isProtected && !then.isProtectedByHand);
}

function isKnown(input: RollbackInput, object: StoredObject): boolean {
  const schema = input.schemas(object.type);
  return schema !== undefined && object.schemaVersion <= schema.version;
}

/** Addresses of which this program does not know what they were: what lives there now is left alone. */
function unknownThen(input: RollbackInput): readonly string[] {
  return [...input.past.resources.values()].flatMap(({ address, object }) =>
    object === undefined || isKnown(input, object) ? [] : [address]
  );
}

/** What the plan may not touch as it would, beside what is kept already, each with why. */
function toBeKept(
  state: EnvironmentView,
  plan: Plan,
  kept: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const more = new Map<string, string>();
  const going = plan.resources.filter((each) => isGoing(each) && !kept.has(each.address));
  for (const { address, wanted } of going) {
    const isProtected = state.resources.get(address)?.isProtected === true || wanted?.isProtected === true;
    if (isProtected) more.set(address, "it is protected");
    const relying = [...state.dependents.get(address) ?? []].filter((each) => kept.has(each)).sort(
      compareText,
    );
    if (!isProtected && relying[0] !== undefined) {
      more.set(address, `${relying[0]} relies on it, which stays`);
    }
  }
  return more;
}

function isGoing({ action, goesFirst }: PlannedResource): boolean {
  return action === "delete" || action === "replace" || action === "forget" || goesFirst.length > 0;
}

function irreversibleOf(
  input: RollbackInput,
  plan: Plan,
  kept: ReadonlyMap<string, string>,
): readonly Irreversible[] {
  const strange = unknownThen(input);
  const lost = plan.resources.flatMap((planned) => {
    const why = kept.get(planned.address);
    if (why !== undefined) {
      return [irreversible(planned, "kept", `stays as it is: ${why}`)];
    }
    const then = input.past.resources.get(planned.address)?.object;
    return strange.includes(planned.address) ? [] : lossesOf(planned, then);
  });
  const unknown = strange.map((address): Irreversible => {
    const { id = undefined, type = "" } = input.past.resources.get(address)?.object ?? {};
    return {
      address,
      kind: "unknown",
      id,
      what: `cannot be made here: this smelt does not know ${type} as it was`,
    };
  });
  return [...lost, ...unknown].sort((a, b) => compareText(a.address, b.address));
}

function lossesOf(planned: PlannedResource, then: StoredObject | undefined): readonly Irreversible[] {
  const id = planned.objectId;
  switch (planned.action) {
    case "create":
      return [{
        address: planned.address,
        kind: "remade",
        id: then?.id,
        what: `is made anew, with a new id: ${then?.id} is gone, with what it held`,
      }];
    case "replace":
      if (id !== undefined && planned.retained.includes(id)) {
        return [irreversible(planned, "released", `is replaced: ${id} is let go of, and lives on`)];
      }
      return [irreversible(planned, "replaced", `is replaced: ${id} goes, with what it holds`)];
    case "delete":
      return [irreversible(planned, "deleted", `was not there then: ${id} goes, with what it holds`)];
    case "forget":
      return [irreversible(planned, "released", `was not there then: ${id} is let go of`)];
    default:
      return then === undefined || then.id === id || id === undefined ? [] : [
        irreversible(
          planned,
          "another",
          `was replaced since: ${then.id} is gone, with what it held; ${id} stays`,
        ),
      ];
  }
}

function irreversible(
  { address, objectId }: PlannedResource,
  kind: Irreversible["kind"],
  what: string,
): Irreversible {
  return { address, kind, id: objectId, what };
}
