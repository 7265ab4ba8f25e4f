import { diffDrift, diffResource } from "./diff_resource.ts";
import type { PlanInput } from "./make_plan.ts";
import { type LiveView, liveView, storedFacts } from "./plan_lookup.ts";
import type { Action, Drift, FieldChange, PlannedResource } from "./plan.ts";
import type { Dependency } from "./resource_event.ts";
import { absentResource, type ResourceState, type StoredObject } from "./resource_state.ts";
import type { ResourceSchema } from "./schema.ts";
import { compareText } from "./text_order.ts";
import { record, type ValueRecord } from "./value.ts";
import { bindFields, getField, setField, type SourceLookup, type Wanted } from "./wanted.ts";

/** What deciding one resource needs of the others. */
export interface PlanningContext {
  readonly input: PlanInput;
  /** Those decided so far; all that a wanted resource relies on are. */
  readonly planned: Map<string, PlannedResource>;
  readonly lookup: SourceLookup;
  /** What a destroy leaves alone, and why. */
  readonly kept: ReadonlyMap<string, string>;
}

/** Decides what happens to a resource that the files name. */
export function planWanted(
  context: PlanningContext,
  wanted: Wanted,
  address: string,
  tier: number,
): PlannedResource {
  const { input } = context;
  const state = input.state.resources.get(address) ?? absentResource(address);
  const schema = input.schemas(wanted.type);
  const bound = bindFields(wanted, context.lookup);
  const base = {
    address,
    type: wanted.type,
    tier,
    version: state.version,
    wanted,
    bound: bound.ok ? bound.value : undefined,
    objectId: state.object?.id,
    deposed: state.deposed.map((each) => each.object.id),
    drift: driftOf(input, state),
    dependents: [] as readonly string[],
    isDeleteFirst: false,
  };
  const missing = bound.ok ? undefined : bound.error;
  const blocked = blockedReason(input, state, schema);
  if (blocked !== undefined || schema === undefined || !bound.ok) {
    return { ...base, action: "none", changes: [], reasons: [], unrefreshed: blocked, missing };
  }
  const live = liveView(input, address);
  const decision = live === undefined
    ? {
      action: "create" as const,
      changes: creationChanges(schema, bound.value),
      reasons: createReasons(state),
    }
    : decideExisting(context, { state, live, wanted, schema, fields: bound.value });
  return {
    ...base,
    ...decision,
    unrefreshed: undefined,
    missing: undefined,
    dependents: decision.action === "replace" ? dependentsOf(input, address) : [],
    isDeleteFirst: decision.action === "replace" && live !== undefined &&
      holdsName(schema, live, bound.value),
  };
}

/** Stored addresses that rely on `address`, in code-point order. */
export function dependentsOf(input: PlanInput, address: string): readonly string[] {
  return [...(input.state.dependents.get(address) ?? [])].sort(compareText);
}

/** What a read found otherwise than stored. */
export function driftOf(input: PlanInput, state: ResourceState): Drift | undefined {
  const { object } = state;
  const read = input.reads.get(state.address);
  if (object === undefined || read === undefined || read.kind === "unread") return undefined;
  if (read.kind === "gone") return { id: object.id, found: null, changes: [] };
  const schema = input.schemas(object.type);
  if (schema === undefined) return undefined;
  const changes = diffDrift(schema, storedFacts(object), read.facts);
  return changes.length === 0 ? undefined : { id: object.id, found: read.facts, changes };
}

/** Why nothing may be decided about a stored resource now. */
export function blockedReason(
  input: PlanInput,
  state: ResourceState,
  schema: ResourceSchema | undefined,
): string | undefined {
  if (schema === undefined) return "no provider here knows its type";
  if (state.intent !== undefined) {
    return input.state.liveRuns.has(state.intent.run) && !input.deadRuns.has(state.intent.run)
      ? `run ${state.intent.run.slice(0, 8)} is changing it now`
      : "an earlier run left it in doubt; apply and recover settle that first";
  }
  const read = input.reads.get(state.address);
  return read?.kind === "unread" ? read.why : undefined;
}

interface Existing {
  readonly state: ResourceState;
  readonly live: LiveView;
  readonly wanted: Wanted;
  readonly schema: ResourceSchema;
  readonly fields: ValueRecord;
}

interface Decision {
  readonly action: Action;
  readonly changes: readonly FieldChange[];
  readonly reasons: readonly string[];
}

function decideExisting(context: PlanningContext, existing: Existing): Decision {
  const { state, live, wanted, schema } = existing;
  if (live.stored.type !== wanted.type) {
    return { action: "replace", changes: [], reasons: [`its type was ${live.stored.type}`] };
  }
  const changes = diffResource(schema, {
    wanted: withIgnored(context.input, state.address, existing.fields, live),
    applied: live.inputs,
    live: live.fields,
  });
  if (state.taint !== undefined) return { action: "replace", changes, reasons: [`tainted: ${state.taint}`] };
  const forcing = changes.filter((change) => change.forcesReplacement);
  if (forcing.length > 0) {
    return {
      action: "replace",
      changes,
      reasons: forcing.map((change) => `${change.path} cannot change in place`),
    };
  }
  if (changes.length > 0) return { action: "update", changes, reasons: [] };
  const reasons = rebindReasons(context, existing);
  return { action: reasons.length > 0 ? "rebind" : "none", changes: [], reasons };
}

/** What `@ignore_changes` names is wanted as it lives. */
function withIgnored(
  input: PlanInput,
  address: string,
  fields: ValueRecord,
  live: LiveView,
): ValueRecord {
  let wanted = fields;
  for (const text of input.ignored.get(address) ?? []) {
    const dot = text.indexOf(".");
    const path = dot < 0
      ? { section: "", field: text }
      : { section: text.slice(0, dot), field: text.slice(dot + 1) };
    const kept = getField(live.fields, path) ?? getField(live.inputs, path);
    if (kept !== undefined) wanted = setField(wanted, path, kept);
  }
  return wanted;
}

function rebindReasons(context: PlanningContext, existing: Existing): readonly string[] {
  const { state, wanted } = existing;
  const object = existing.live.stored;
  const reasons: string[] = [];
  if (!sameDependencies(context, object.dependencies, wanted.dependencies)) {
    reasons.push("what it relies on is new");
  }
  if (!sameDescription(object, wanted)) reasons.push("its annotations changed");
  if (state.isProtected !== wanted.isProtected) {
    reasons.push(wanted.isProtected ? "protection is switched on" : "protection is switched off");
  }
  return reasons;
}

function sameDependencies(
  context: PlanningContext,
  stored: readonly Dependency[],
  wanted: readonly string[],
): boolean {
  if (stored.length !== wanted.length) return false;
  const known = new Map(stored.map((each) => [each.address, each.incarnation]));
  return wanted.every((address) => {
    const action = context.planned.get(address)?.action;
    if (action === "create" || action === "replace") return false;
    return known.get(address) === context.input.state.resources.get(address)?.incarnation;
  });
}

function sameDescription(object: StoredObject, wanted: Wanted): boolean {
  const { intent, owner, retained } = object.description;
  const now = wanted.description;
  return intent === now.intent && owner === now.owner && retained === now.retained;
}

function creationChanges(schema: ResourceSchema, fields: ValueRecord): readonly FieldChange[] {
  return diffResource(schema, { wanted: fields, applied: record(), live: record() })
    .map((change) => ({ ...change, forcesReplacement: false }));
}

function createReasons(state: ResourceState): readonly string[] {
  return state.object === undefined ? [] : ["it is gone"];
}

/** Whether old and new object would hold one unique name at once. */
function holdsName(schema: ResourceSchema, live: LiveView, fields: ValueRecord): boolean {
  const path = schema.world?.uniqueName;
  if (path === undefined || live.stored.type !== schema.type) return false;
  const held = getField(live.inputs, path);
  return held !== undefined && held === getField(fields, path);
}
