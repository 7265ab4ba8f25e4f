import { acceptedInputs } from "./accepted_inputs.ts";
import type { DriftedResource } from "./find_drift.ts";
import type { PlanInput } from "./make_plan.ts";
import type { FieldChange, Plan, PlannedResource } from "./plan.ts";
import { dependentsOf, driftOf } from "./plan_wanted.ts";
import type { ResourceState } from "./resource_state.ts";
import { compareText } from "./text_order.ts";

/** What a plan that only records is made of. */
export type RecordInput = Omit<
  PlanInput,
  "wanted" | "ignored" | "removed" | "arrivals" | "outputs" | "before"
>;

/** What reads found otherwise than the log saw it last is recorded; nothing in the world changes. */
export function planObservations(input: RecordInput): Plan {
  return planRecords(input, (base) => base.drift === undefined ? base : { ...base, action: "observe" });
}

/** What `drifted` tells of lives rightly from now on, as if it had been sent; nothing in the world changes. */
export function planAcceptance(input: RecordInput, drifted: readonly DriftedResource[]): Plan {
  const byAddress = new Map(drifted.map((each) => [each.address, each]));
  return planRecords(input, (base, state) => {
    const found = byAddress.get(base.address);
    return found === undefined
      ? { ...base, drift: undefined, unrefreshed: undefined }
      : accepting(input, base, state, found);
  });
}

function accepting(
  input: RecordInput,
  base: PlannedResource,
  { object }: ResourceState,
  found: DriftedResource,
): PlannedResource {
  const schema = input.schemas(base.type);
  if (found.kind === "gone" || found.fields.length === 0 || object === undefined || schema === undefined) {
    return { ...base, action: "observe" };
  }
  const changes = [...found.fields.flatMap(({ parts }) => parts), ...found.outputs].map((
    { path, recorded, live },
  ): FieldChange => ({ path, before: recorded, after: live, forcesReplacement: false }));
  return { ...base, action: "accept", changes, accepted: acceptedInputs(schema, object, found.live) };
}

function planRecords(
  input: RecordInput,
  decide: (base: PlannedResource, state: ResourceState) => PlannedResource,
): Plan {
  const whole = {
    ...input,
    before: input.state,
    arrivals: new Map(),
    wanted: new Map(),
    ignored: new Map(),
    removed: new Set<string>(),
    outputs: [],
  };
  const held = [...input.state.resources.values()].filter((state) => state.object !== undefined)
    .sort((a, b) => compareText(a.address, b.address));
  const resources = held.map((state) => decide(leftAlone(whole, state), state));
  const { command, environment, stream, madeOn } = input;
  const touched = resources.filter(({ action }) => action !== "none");
  const readSet = new Map(touched.map(({ address, version }) => [address, version]));
  return { command, environment, stream, madeOn, resources, readSet, outputs: [], leftOut: [], refusals: [] };
}

function leftAlone(input: PlanInput, state: ResourceState): PlannedResource {
  const read = input.reads.get(state.address);
  return {
    address: state.address,
    type: state.object?.type ?? "",
    action: "none",
    tier: 0,
    version: state.version,
    arrival: undefined,
    wanted: undefined,
    bound: undefined,
    objectId: state.object?.id,
    deposed: [],
    retained: [],
    changes: [],
    reasons: [],
    goesFirst: [],
    waitsFor: [],
    dependents: dependentsOf(input, state.address),
    drift: driftOf(input, state),
    unrefreshed: read?.kind === "unread" ? read.why : undefined,
    missing: undefined,
    unfit: undefined,
  };
}
