import type { Action, Plan, PlannedResource } from "../../engine/plan.ts";
import type { Operation, Step } from "../../engine/steps.ts";

/** A plan that holds `resources`, for what only shows plans. */
export function examplePlan(resources: readonly PlannedResource[], changes: Partial<Plan> = {}): Plan {
  return {
    command: "apply",
    environment: "dev",
    stream: "s".repeat(64),
    madeOn: { seq: 1, hash: "h".repeat(64) },
    resources,
    readSet: new Map(),
    outputs: [],
    leftOut: [],
    refusals: [],
    ...changes,
  };
}

/** One resource of a plan, with nothing to tell but what `facts` say. */
export function exampleResource(
  address: string,
  action: Action,
  facts: Partial<PlannedResource> = {},
): PlannedResource {
  return {
    address,
    type: "sim.Network",
    action,
    tier: 0,
    version: 1,
    arrival: undefined,
    wanted: undefined,
    bound: undefined,
    objectId: undefined,
    deposed: [],
    changes: [],
    reasons: [],
    goesFirst: [],
    waitsFor: [],
    retained: [],
    dependents: [],
    drift: undefined,
    unrefreshed: undefined,
    missing: undefined,
    unfit: undefined,
    ...facts,
  };
}

/** One step. */
export function exampleStep(operation: Operation, address: string, facts: Partial<Step> = {}): Step {
  return {
    id: `${operation} ${address}`,
    address,
    operation,
    objectId: undefined,
    after: [],
    isUnderDependents: false,
    tier: 0,
    ...facts,
  };
}
