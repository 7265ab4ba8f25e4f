import { canonicalJson } from "./canonical_json.ts";
import type { Json, JsonObject } from "./json.ts";
import type { OpenIntent, ResourceState, StoredObject } from "./resource_state.ts";

/**
 * The text of one state that roots and proofs rest on; docs/log-format.md tells it byte by byte. It never changes: auditors
 * make it again from logs of any age. What a later kind of event adds to a state may only add keys that are missing where
 * no such event has happened. Secrets are sealed references.
 */
export function canonicalState(state: ResourceState): string {
  return canonicalJson(stateObject(state));
}

/** The same as JSON that has not been written yet. */
export function stateObject(state: ResourceState): JsonObject {
  return {
    address: state.address,
    version: state.version,
    incarnation: state.incarnation,
    object: state.object === undefined ? null : storedObject(state.object),
    intent: state.intent === undefined ? null : intentObject(state.intent),
    deposed: state.deposed.map(({ object, reason }) => ({ object: storedObject(object), reason })),
    taint: state.taint ?? null,
    protected: state.isProtected,
    protectedByHand: state.isProtectedByHand,
  };
}

function storedObject(object: StoredObject): JsonObject {
  const { intent, owner, retained } = object.description;
  return {
    id: object.id,
    type: object.type,
    schemaVersion: object.schemaVersion,
    account: object.account,
    incarnation: object.incarnation,
    inputs: object.inputs,
    fields: object.fields,
    outputs: object.outputs,
    precondition: object.precondition ?? null,
    reliesSince: object.reliesSince,
    dependencies: object.dependencies.map(({ address, incarnation }) => ({ address, incarnation })),
    bindings: object.bindings.map(({ path, from, source }) => ({ path, from, source })),
    triggers: { ...object.triggers },
    description: {
      ...(intent === undefined ? {} : { intent }),
      ...(owner === undefined ? {} : { owner }),
      ...(retained === undefined ? {} : { retained }),
    },
  };
}

/** The intent is the event as the log holds it. */
function intentObject({ run, seq, started, acceptedId, doubt, progress }: OpenIntent): JsonObject {
  return {
    run,
    seq,
    started: started as unknown as Json,
    acceptedId: acceptedId ?? null,
    doubt: doubt === undefined ? null : { ...doubt },
    // Roots of before have no such key.
    ...(progress === undefined ? {} : { progress }),
  };
}
