import { canonicalJson } from "../engine/canonical_json.ts";
import type { JsonObject } from "../engine/json.ts";
import type { Description } from "../engine/resource_event.ts";
import type { DeposedObject, OpenIntent, ResourceState, StoredObject } from "../engine/resource_state.ts";

/**
 * A resource as a checkpoint holds it: what most of them have in common is left out, so that the many of a large estate are
 * read in little time and take little memory. Nobody else reads it, so that its form may change with the checkpoint's version.
 */
export interface PackedState extends Pick<ResourceState, "address" | "version" | "incarnation"> {
  readonly object?: PackedObject;
  readonly intent?: OpenIntent;
  readonly deposed?: readonly PackedDeposed[];
  readonly taint?: string;
  readonly isProtected?: true;
  readonly isProtectedByHand?: true;
}

type Kept = "id" | "type" | "schemaVersion" | "incarnation" | "inputs" | "reliesSince";

interface PackedObject extends Pick<StoredObject, Kept>, Partial<Omit<StoredObject, Kept | "precondition">> {
  readonly precondition?: string;
}

interface PackedDeposed extends Omit<DeposedObject, "object"> {
  readonly object: PackedObject;
}

/** Leaves out what `unpackState` puts back. */
export function packState(state: ResourceState): PackedState {
  const { address, version, incarnation, object, intent, deposed, taint } = state;
  return {
    ...{ address, version, incarnation },
    ...(object === undefined ? {} : { object: packObject(object) }),
    ...(intent === undefined ? {} : { intent }),
    ...(deposed.length === 0
      ? {}
      : { deposed: deposed.map((each) => ({ ...each, object: packObject(each.object) })) }),
    ...(taint === undefined ? {} : { taint }),
    ...(state.isProtected ? { isProtected: true } : {}),
    ...(state.isProtectedByHand ? { isProtectedByHand: true } : {}),
  };
}

/** The state that was packed. Parts that are alike are shared: nobody changes a state. */
export function unpackState(packed: PackedState): ResourceState {
  const { address, version, incarnation, object, intent, deposed, taint } = packed;
  return {
    address,
    version,
    incarnation,
    object: object === undefined ? undefined : unpackObject(object),
    intent: intent === undefined ? undefined : unpackIntent(intent),
    deposed: deposed === undefined ? NO_LIST : deposed.map(unpackDeposed),
    taint,
    isProtected: packed.isProtected === true,
    isProtectedByHand: packed.isProtectedByHand === true,
  };
}

function packObject(object: StoredObject): PackedObject {
  const { id, type, schemaVersion, incarnation, inputs, reliesSince, precondition } = object;
  const isFilled = (part: readonly unknown[] | JsonObject | Description | StoredObject["triggers"]) =>
    Object.keys(part).length > 0;
  return {
    ...{ id, type, schemaVersion, incarnation, inputs, reliesSince },
    ...(object.account === "" ? {} : { account: object.account }),
    ...(isSame(object.fields, inputs) ? {} : { fields: object.fields }),
    ...(isFilled(object.outputs) ? { outputs: object.outputs } : {}),
    ...(precondition === undefined ? {} : { precondition }),
    ...(isFilled(object.dependencies) ? { dependencies: object.dependencies } : {}),
    ...(isFilled(object.bindings) ? { bindings: object.bindings } : {}),
    ...(isFilled(object.triggers) ? { triggers: object.triggers } : {}),
    ...(isFilled(object.description) ? { description: object.description } : {}),
  };
}

function unpackObject(packed: PackedObject): StoredObject {
  const { id, type, schemaVersion, incarnation, inputs, reliesSince } = packed;
  return {
    id,
    type,
    schemaVersion,
    account: packed.account ?? "",
    incarnation,
    inputs,
    fields: packed.fields ?? inputs,
    outputs: packed.outputs ?? NOTHING,
    precondition: packed.precondition,
    reliesSince,
    dependencies: packed.dependencies ?? NO_LIST,
    bindings: packed.bindings ?? NO_LIST,
    triggers: packed.triggers ?? NOTHING,
    description: packed.description ?? NOTHING,
  };
}

function isSame(one: JsonObject, other: JsonObject): boolean {
  return one === other || canonicalJson(one) === canonicalJson(other);
}

/** JSON leaves out what is undefined; the fold has it there. */
function unpackIntent(stored: OpenIntent): OpenIntent {
  return { ...stored, acceptedId: stored.acceptedId ?? undefined, doubt: stored.doubt ?? undefined };
}

function unpackDeposed(packed: PackedDeposed): DeposedObject {
  return { ...packed, object: unpackObject(packed.object) };
}

const NO_LIST = Object.freeze([]) as readonly never[];
const NOTHING = Object.freeze({});
