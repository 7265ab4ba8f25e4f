import type { PlannedResource } from "./plan.ts";
import { liveView } from "./plan_lookup.ts";
import {
  blockedReason,
  dependentsOf,
  deposedIds,
  driftBefore,
  driftOf,
  keptDeposed,
  type PlanningContext,
} from "./plan_wanted.ts";
import type { ResourceState } from "./resource_state.ts";

/** Decides what happens to a resource that the log knows and nobody wants. */
export function planRemoval(context: PlanningContext, state: ResourceState, tier: number): PlannedResource {
  const { input } = context;
  const { object } = state;
  const type = object?.type ?? state.deposed[0]?.object.type ?? startedType(state);
  const blocked = blockedReason(input, state, input.schemas(type));
  const base = {
    address: state.address,
    type,
    tier,
    version: state.version,
    arrival: input.arrivals.get(state.address),
    wanted: undefined,
    bound: undefined,
    objectId: object?.id,
    deposed: state.isProtected ? [] : deposedIds(state),
    changes: [],
    goesFirst: [],
    waitsFor: [],
    dependents: dependentsOf(input, state.address),
    drift: driftOf(input, state),
    unrefreshed: blocked,
    missing: undefined,
    unfit: undefined,
  };
  const kept = context.kept.get(state.address);
  if (kept !== undefined) {
    return { ...base, action: "none", deposed: [], reasons: [kept], unrefreshed: undefined };
  }
  if (blocked !== undefined || object === undefined) {
    return { ...base, action: "none", reasons: state.isProtected ? keptDeposed(state) : [] };
  }
  if (liveView(input, state.address) === undefined) {
    return { ...base, action: "forget", reasons: ["it is gone"] };
  }
  if (input.removed.has(state.address)) {
    return { ...base, action: "forget", reasons: ["the files say removed: the object stays"] };
  }
  return object.description.retained === true
    ? { ...base, action: "forget", reasons: ["retained: the object stays"] }
    : { ...base, action: "delete", reasons: [], drift: driftBefore(input, state) };
}

function startedType(state: ResourceState): string {
  const started = state.intent?.started;
  return started?.type === "CreateStarted" ? started.resourceType : "";
}
