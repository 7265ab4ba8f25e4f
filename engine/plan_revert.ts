import { driftedFields } from "./drift_sides.ts";
import type { DriftedResource } from "./find_drift.ts";
import { makePlan, type PlanInput } from "./make_plan.ts";
import type { Action, Plan, PlannedResource } from "./plan.ts";
import { LEFT_ALONE } from "./plan_scope.ts";
import { recordedFields } from "./recorded_fields.ts";
import type { ResourceState, StoredObject } from "./resource_state.ts";
import { err, ok, type Result } from "./result.ts";
import type { ResourceSchema } from "./schema.ts";
import type { ValueRecord } from "./value.ts";
import { decodeRecord } from "./value_codec.ts";
import { cycleAmong, type DependencyCycle, wantStored } from "./want_stored.ts";
import { getField, setField, type Wanted } from "./wanted.ts";

/** What a plan that puts drift back is made of. */
export type RevertInput = Omit<
  PlanInput,
  "wanted" | "ignored" | "removed" | "arrivals" | "outputs" | "before"
>;

/**
 * Puts `drifted` objects back to what was sent last, and makes those anew that are gone; then what relies on a new one follows it,
 * and what a new one relies on and is gone comes first. Everything else is left alone, whatever is to be said of it.
 */
export function planRevert(
  input: RevertInput,
  drifted: readonly DriftedResource[],
): Result<Plan, DependencyCycle> {
  const states = untainted(input.state.resources);
  const state = { ...input.state, resources: states };
  const byAddress = new Map(drifted.map((each) => [each.address, each]));
  const wanted = new Map<string, Wanted>();
  for (const each of states.values()) {
    const { object, address } = each;
    const schema = object === undefined ? undefined : input.schemas(object.type);
    if (object === undefined || schema === undefined) continue;
    const basis = {
      state,
      isWanted: (target: string) => isHeld(states.get(target)),
      isProtected: each.isProtected,
    };
    const want = wantStored(object, schema, basis);
    const found = byAddress.get(address);
    const fields = found?.kind === "changed" ? withDecided(want, schema, object, found) : want.fields;
    wanted.set(address, { ...want, fields });
  }
  const cycle = cycleAmong(wanted);
  if (cycle !== undefined) return err(cycle);
  const plan = makePlan({
    ...input,
    state,
    before: input.state,
    arrivals: new Map(),
    wanted,
    ignored: new Map(),
    removed: new Set(),
    outputs: [],
  });
  return ok(restricted(plan, concerned(plan, byAddress)));
}

/** A mark for replacement is none of drift's business. */
function untainted(resources: ReadonlyMap<string, ResourceState>): ReadonlyMap<string, ResourceState> {
  return new Map([...resources].map(([address, state]) => [address, { ...state, taint: undefined }]));
}

function isHeld(state: ResourceState | undefined): boolean {
  return state?.object !== undefined;
}

/** What was left to the provider is asked for by name, where it drifted: else the provider would leave it as it is. */
function withDecided(
  { fields }: Wanted,
  schema: ResourceSchema,
  object: StoredObject,
  { live }: Extract<DriftedResource, { readonly kind: "changed" }>,
): ValueRecord {
  const recorded = recordedFields(schema, decodeRecord(object.inputs), decodeRecord(object.fields));
  const bound = new Set(object.bindings.map(({ path }) => path));
  let decided = fields;
  for (const { path } of driftedFields(schema, object, live, undefined)) {
    const value = getField(recorded, path);
    const isBound = bound.has(path.section === "" ? path.field : `${path.section}.${path.field}`);
    if (getField(fields, path) === undefined && value !== undefined && !isBound) {
      decided = setField(decided, path, value);
    }
  }
  return decided;
}

const MADE: readonly Action[] = ["create", "replace"];

/** `drifted`, what is done before it since it relies on that or takes its name over, and what follows a new object. */
function concerned(plan: Plan, drifted: ReadonlyMap<string, unknown>): ReadonlySet<string> {
  const byAddress = new Map(plan.resources.map((each) => [each.address, each]));
  const needed = closure(
    [...drifted.keys()],
    (address) => [
      ...(byAddress.get(address)?.wanted?.dependencies ?? []).filter((target) =>
        isMade(byAddress.get(target)) || byAddress.get(target)?.action === "rebind"
      ),
      ...(byAddress.get(address)?.waitsFor ?? []).map((giver) => giver.address),
    ],
  );
  const dependents = new Map<string, string[]>();
  for (const { address, wanted } of plan.resources) {
    for (const target of wanted?.dependencies ?? []) {
      dependents.set(target, [...dependents.get(target) ?? [], address]);
    }
  }
  return closure(
    [...needed],
    (address) => isMade(byAddress.get(address)) ? dependents.get(address) ?? [] : [],
  );
}

function isMade(planned: PlannedResource | undefined): boolean {
  return planned !== undefined && MADE.includes(planned.action);
}

function closure(
  start: readonly string[],
  next: (address: string) => readonly string[],
): ReadonlySet<string> {
  const found = new Set(start);
  for (const address of found) for (const other of next(address)) found.add(other);
  return found;
}

function restricted(plan: Plan, kept: ReadonlySet<string>): Plan {
  const resources = plan.resources.map((each): PlannedResource =>
    kept.has(each.address)
      ? { ...each, deposed: [], retained: each.retained.filter((id) => id === each.objectId) }
      : { ...each, ...LEFT_ALONE }
  );
  return { ...plan, resources };
}
