import {
  isSettledAbsent,
  type ResourceState,
  type ResourceStatus,
  statusOf,
} from "../engine/resource_state.ts";
import type { EnvironmentView } from "../engine/environment.ts";
import { compareText } from "../engine/text_order.ts";
import { record, type ValueRecord } from "../engine/value.ts";
import { decodeRecord } from "../engine/value_codec.ts";

/** One resource as the log knows it, decoded for showing; secrets stay sealed. */
export interface ListedResource {
  readonly address: string;
  readonly type: string;
  readonly status: ResourceStatus;
  /** Whether the outcome of a call on it is unknown. */
  readonly isInDoubt: boolean;
  readonly id: string | undefined;
  readonly intent: string | undefined;
  readonly owner: string | undefined;
  readonly isProtected: boolean;
  readonly taint: string | undefined;
  /** As sent last. */
  readonly inputs: ValueRecord;
  /** As read last. */
  readonly fields: ValueRecord;
  readonly outputs: ValueRecord;
  readonly dependencies: readonly string[];
  readonly dependents: readonly string[];
  /** Ids of objects that were replaced and are still there. */
  readonly deposed: readonly string[];
  readonly version: number;
}

/** Everything that the log knows and that is not settled as absent, by address. */
export function listResources(view: EnvironmentView): readonly ListedResource[] {
  return [...view.resources.values()].filter((state) => !isSettledAbsent(state))
    .sort((a, b) => compareText(a.address, b.address))
    .map((state) => listResource(view, state));
}

/** One of them. */
export function listResource(view: EnvironmentView, state: ResourceState): ListedResource {
  const { object, intent } = state;
  const started = intent?.started.type === "CreateStarted" ? intent.started : undefined;
  return {
    address: state.address,
    type: object?.type ?? started?.resourceType ?? state.deposed[0]?.object.type ?? "",
    status: statusOf(state),
    isInDoubt: intent !== undefined && !view.liveRuns.has(intent.run),
    id: object?.id,
    intent: object?.description.intent ?? started?.description.intent,
    owner: object?.description.owner ?? started?.description.owner,
    isProtected: state.isProtected,
    taint: state.taint,
    inputs: object === undefined ? record() : decodeRecord(object.inputs),
    fields: object === undefined ? record() : decodeRecord(object.fields),
    outputs: object === undefined ? record() : decodeRecord(object.outputs),
    dependencies: (object?.dependencies ?? []).map((each) => each.address),
    dependents: [...(view.dependents.get(state.address) ?? [])].sort(compareText),
    deposed: state.deposed.map((each) => each.object.id),
    version: state.version,
  };
}
