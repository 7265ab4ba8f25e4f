import type { PlannedResource } from "./plan.ts";
import { liveView } from "./plan_lookup.ts";
import { blockedReason, dependentsOf, driftBefore, driftOf, type PlanningContext } from "./plan_wanted.ts";
import { leftoversOf, NO_LEFTOVERS, protectedReasons, retainedReasons } from "./plan_leftovers.ts";
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
    ...(blocked === undefined ? leftoversOf(state, undefined) : NO_LEFTOVERS),
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
    return { ...base, action: "none", deposed: [], retained: [], reasons: [kept], unrefreshed: undefined };
  }
  const leftoverReasons = [
    ...retainedReasons(base.retained),
    ...(state.isProtected ? protectedReasons(state) : []),
  ];
  if (blocked !== undefined || object === undefined) {
    return { ...base, action: "none", reasons: leftoverReasons };
  }
  if (liveView(input, state.address) === undefined) {
    return { ...base, action: "forget", reasons: ["it is gone", ...leftoverReasons] };
  }
  if (input.removed.has(state.address)) {
    return {
      ...base,
      action: "forget",
      reasons: ["the files say removed: the object stays", ...leftoverReasons],
    };
  }
  return object.description.retained === true
    ? { ...base, action: "forget", reasons: ["retained: the object stays", ...leftoverReasons] }
    : {
      ...base,
      action: "delete",
      reasons: retainedReasons(base.retained),
      drift: driftBefore(input, state),
    };
}

function startedType(state: ResourceState): string {
  const started = state.intent?.started;
  return started?.type === "CreateStarted" ? started.resourceType : "";
}
