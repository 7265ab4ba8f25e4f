import { diffDrift, diffResource } from "./diff_resource.ts";
import type { PlanInput } from "./make_plan.ts";
import { nameHolders } from "./name_holders.ts";
import { type LiveView, liveView, storedFacts } from "./plan_lookup.ts";
import { type Action, type Drift, type FieldChange, immutableReason, type PlannedResource } from "./plan.ts";
import { absentResource, type ResourceState } from "./resource_state.ts";
import { parseFieldPath, type ResourceSchema } from "./schema.ts";
import { compareText } from "./text_order.ts";
import {
  isRetained,
  leftoversOf,
  NO_LEFTOVERS,
  protectedReasons,
  retainedReasons,
} from "./plan_leftovers.ts";
import { type Existing, guardReasons, isWithin, namedRelations, rebindReasons } from "./rebind_reasons.ts";
import { triggerKey, triggerText } from "./trigger_value.ts";
import { unfitValue } from "./unfit_value.ts";
import { record, type ValueRecord } from "./value.ts";
import { bindFields, getField, setField, type SourceLookup, type Wanted, withoutField } from "./wanted.ts";

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
  given: Wanted,
  address: string,
  tier: number,
): PlannedResource {
  const { input } = context;
  const state = input.state.resources.get(address) ?? absentResource(address);
  const schema = input.schemas(given.type);
  const live = liveView(input, address);
  const wanted = withIgnored(input, state, live, given);
  const bound = bindFields(wanted, context.lookup);
  const isProtected = state.isProtected || wanted.isProtected;
  const base = {
    address,
    type: wanted.type,
    tier,
    version: state.version,
    arrival: input.arrivals.get(address),
    wanted,
    bound: bound.ok ? bound.value : undefined,
    objectId: live?.stored.id,
    ...leftoversOf(state, wanted),
    drift: driftOf(input, state),
    dependents: [] as readonly string[],
    goesFirst: [] as readonly string[],
    waitsFor: [],
  };
  const missing = bound.ok ? undefined : bound.error;
  const blocked = blockedReason(input, state, schema);
  const unfit = schema === undefined || !bound.ok ? undefined : unfitValue(wanted, schema, bound.value);
  if (blocked !== undefined || schema === undefined || !bound.ok || unfit !== undefined) {
    const leftovers = blocked === undefined ? {} : NO_LEFTOVERS;
    return {
      ...base,
      action: "none",
      ...leftovers,
      changes: [],
      reasons: [],
      unrefreshed: blocked,
      missing,
      unfit,
    };
  }
  const decision = live === undefined
    ? {
      action: "create" as const,
      changes: creationChanges(schema, bound.value),
      reasons: createReasons(state),
    }
    : decideExisting(context, { state, live, wanted, schema, fields: bound.value });
  const isMade = decision.action === "create" || decision.action === "replace";
  const goesFirst = isMade ? nameHolders({ schema, state, live }, bound.value) : [];
  const isOldRetained = decision.action === "replace" && live !== undefined &&
    isRetained(state, live.stored, wanted);
  const retained = isOldRetained ? [live.stored.id, ...base.retained] : base.retained;
  const held = goesFirst.find((id) => retained.includes(id));
  if (held !== undefined) {
    const why = `its old object "${held}" has the name that can be held once only, and is kept: retain`;
    return {
      ...base,
      action: "none",
      changes: [],
      reasons: [],
      unrefreshed: undefined,
      missing: undefined,
      unfit: why,
    };
  }
  return {
    ...base,
    ...decision,
    reasons: [
      ...decision.reasons,
      ...(goesFirst.length > 0 ? ["its name can be held once only"] : []),
      ...retainedReasons(retained),
      ...(isProtected ? protectedReasons(state) : []),
    ],
    drift: decision.action === "none" ? base.drift : driftBefore(input, state),
    unrefreshed: undefined,
    missing: undefined,
    unfit: undefined,
    dependents: decision.action === "replace" || goesFirst.length > 0 ? dependentsOf(input, address) : [],
    goesFirst,
    retained,
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
  if (input.arrivals.get(state.address)?.kind === "imported") return undefined;
  if (read.kind === "gone") return { id: object.id, found: null, changes: [] };
  const schema = input.schemas(object.type);
  if (schema === undefined) return undefined;
  const changes = diffDrift(schema, storedFacts(object), read.facts);
  return changes.length === 0 ? undefined : { id: object.id, found: read.facts, changes };
}

/**
 * The same for an object that is to be changed or deleted: here it counts too that only its precondition has moved, by a touch or
 * by a change that was taken back, since the provider refuses the one that the log has.
 */
export function driftBefore(input: PlanInput, state: ResourceState): Drift | undefined {
  const drift = driftOf(input, state);
  const { object } = state;
  const read = input.reads.get(state.address);
  if (drift !== undefined || object === undefined || read?.kind !== "found") return drift;
  if (input.arrivals.get(state.address)?.kind === "imported") return undefined;
  if (read.facts.precondition === object.precondition) return undefined;
  return { id: object.id, found: read.facts, changes: [] };
}

/** Why nothing may be decided about a stored resource now. */
export function blockedReason(
  input: Pick<PlanInput, "state" | "deadRuns" | "reads">,
  state: ResourceState,
  schema: ResourceSchema | undefined,
): string | undefined {
  if (schema === undefined) return "no provider here knows its type";
  const { object } = state;
  if (object?.type === schema.type && object.schemaVersion > schema.version) {
    return `it was stored under version ${object.schemaVersion} of ${schema.type}, this smelt knows version ${schema.version}`;
  }
  if (state.intent !== undefined) {
    return input.state.liveRuns.has(state.intent.run) && !input.deadRuns.has(state.intent.run)
      ? `run ${state.intent.run.slice(0, 8)} is changing it now`
      : "an earlier run left it in doubt; apply and recover settle that first";
  }
  const read = input.reads.get(state.address);
  return read?.kind === "unread" ? read.why : undefined;
}

interface Decision {
  readonly action: Action;
  readonly changes: readonly FieldChange[];
  readonly reasons: readonly string[];
}

function decideExisting(context: PlanningContext, existing: Existing): Decision {
  const decision = decideByFields(context, existing);
  const { action, reasons } = decision;
  if (action !== "update" && action !== "replace") return decision;
  return { ...decision, reasons: [...reasons, ...namedRelations(context, existing)] };
}

function decideByFields(context: PlanningContext, existing: Existing): Decision {
  const { state, live, wanted, schema } = existing;
  if (live.stored.type !== wanted.type) {
    return { action: "replace", changes: [], reasons: [`its type was ${live.stored.type}`] };
  }
  const changes = diffResource(schema, {
    wanted: existing.fields,
    applied: live.inputs,
    live: live.fields,
  });
  if (context.input.replaces.has(state.address)) {
    return { action: "replace", changes, reasons: ["its replacement was asked for"] };
  }
  if (state.taint !== undefined) return { action: "replace", changes, reasons: [`tainted: ${state.taint}`] };
  const triggered = triggerReasons(context, existing);
  if (triggered.length > 0) return { action: "replace", changes, reasons: triggered };
  const forcing = changes.filter((change) => change.forcesReplacement);
  if (forcing.length > 0) {
    return {
      action: "replace",
      changes,
      reasons: forcing.map(({ path }) => immutableReason(path)),
    };
  }
  if (changes.length > 0) {
    const found = context.input.surveyed.get(state.address) ?? [];
    return { action: "update", changes, reasons: [...found, ...guardReasons(existing)] };
  }
  const reasons = rebindReasons(context, existing);
  return { action: reasons.length > 0 ? "rebind" : "none", changes: [], reasons };
}

/**
 * What `@ignore_changes` names is wanted as it lives, bound or not, and so it is sent again by an update of the rest. For an
 * object that is new, or that a taint replaces, the files say all.
 */
function withIgnored(
  input: PlanInput,
  state: ResourceState,
  live: LiveView | undefined,
  wanted: Wanted,
): Wanted {
  const ignored = input.ignored.get(state.address) ?? [];
  if (ignored.length === 0 || live?.stored.type !== wanted.type || state.taint !== undefined) return wanted;
  let { fields } = wanted;
  for (const text of ignored) {
    const path = parseFieldPath(text);
    const kept = getField(live.fields, path) ?? getField(live.inputs, path);
    fields = kept === undefined ? withoutField(fields, path) : setField(fields, path, kept);
  }
  return { ...wanted, fields, bindings: wanted.bindings.filter(({ path }) => !isWithin(path, ignored)) };
}

/** The triggers whose value is another than it was, or may be. One that is new is only noted. */
function triggerReasons({ lookup }: PlanningContext, { live, wanted }: Existing): readonly string[] {
  const { triggers } = live.stored;
  return wanted.triggers.flatMap((source) => {
    const key = triggerKey(source);
    const found = lookup(source);
    const before = triggers[key];
    if (!found.ok || before === undefined) return [];
    const now = triggerText(found.value);
    if (now === before) return [];
    return [now === undefined ? `${key} may change` : `${key} changed`];
  });
}

function creationChanges(schema: ResourceSchema, fields: ValueRecord): readonly FieldChange[] {
  return diffResource(schema, { wanted: fields, applied: record(), live: record() })
    .map((change) => ({ ...change, forcesReplacement: false }));
}

function createReasons(state: ResourceState): readonly string[] {
  return state.object === undefined ? [] : ["it is gone"];
}
