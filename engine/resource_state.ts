import type { CallFailure } from "./call_failure.ts";
import type { JsonObject } from "./json.ts";
import type { Binding, Dependency, Description, Intent, Triggers } from "./resource_event.ts";

/** What the log says of one address. Folded from its events alone, by `evolveResource`. */
export interface ResourceState {
  readonly address: string;
  /** Events that have named this address. What was decided on version n is admitted on version n only. */
  readonly version: number;
  /** Creates that have succeeded. Dependents name the incarnation that they were given. */
  readonly incarnation: number;
  /** What lives under this address. */
  readonly object: StoredObject | undefined;
  /** The intent without an outcome: of a live run it is in flight, of any other it is in doubt. */
  readonly intent: OpenIntent | undefined;
  /** Objects that were replaced, or that came to light late, and still have to go. */
  readonly deposed: readonly DeposedObject[];
  /** Why the live object is to be replaced. */
  readonly taint: string | undefined;
  readonly isProtected: boolean;
  /** Whether it was protected by hand, whatever the files say. */
  readonly isProtectedByHand: boolean;
}

/** A living object, with what was wanted of it last and what was last seen of it. */
export interface StoredObject {
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly account: string;
  readonly incarnation: number;
  /** Encoded fields as sent last. */
  readonly inputs: JsonObject;
  /** Encoded fields as the provider told them last. */
  readonly fields: JsonObject;
  readonly outputs: JsonObject;
  readonly precondition: string | undefined;
  /** The record of the intent, or of the `Rebound`, that says what it relies on; of one that came to light late, that record. */
  readonly reliesSince: number;
  readonly dependencies: readonly Dependency[];
  readonly bindings: readonly Binding[];
  readonly triggers: Triggers;
  readonly description: Description;
}

/** An object that no longer counts but still exists. */
export interface DeposedObject {
  readonly object: StoredObject;
  /** `replaced`: by plan. `late`: its creation was held for not done, and came to light afterwards. */
  readonly reason: "replaced" | "late";
}

/** An intent, who had it, and what is known of it so far. */
export interface OpenIntent {
  readonly run: string;
  /** The record that it stands in. */
  readonly seq: number;
  /** Wall time of its record, RFC 3339, by the clock of who wrote it: an age that bounds only how long a token may be tried. */
  readonly at: string;
  readonly started: Intent;
  /** Set once the provider gave an id to what is being created. */
  readonly acceptedId: string | undefined;
  /** What the call has made known of its outputs so far; absent where it told nothing. */
  readonly progress?: { readonly [name: string]: string };
  /** Set once the call answered without saying what happened. */
  readonly doubt: CallFailure | undefined;
}

/** In which stage of its life a resource is. */
export type ResourceStatus = "absent" | "creating" | "live" | "tainted" | "updating" | "deleting";

/** The state before the first event. */
export function absentResource(address: string): ResourceState {
  return {
    address,
    version: 0,
    incarnation: 0,
    object: undefined,
    intent: undefined,
    deposed: [],
    taint: undefined,
    isProtected: false,
    isProtectedByHand: false,
  };
}

/** The stage of `state`; whether an open intent is in doubt depends on its run, which the state alone does not know. */
export function statusOf(state: ResourceState): ResourceStatus {
  switch (state.intent?.started.type) {
    case "CreateStarted":
      return "creating";
    case "UpdateStarted":
      return "updating";
    case "DeleteStarted":
      return state.intent.started.id === state.object?.id ? "deleting" : restingStatus(state);
    case undefined:
      return restingStatus(state);
  }
}

function restingStatus(state: ResourceState): ResourceStatus {
  if (state.object === undefined) return "absent";
  return state.taint === undefined ? "live" : "tainted";
}

/** Whether nothing is left to remember of it but its past. */
export function isSettledAbsent(state: ResourceState): boolean {
  return state.object === undefined && state.intent === undefined && state.deposed.length === 0;
}

/** The object with this id that the address holds, be it the live one or a deposed one. */
export function heldObject(state: ResourceState, id: string): StoredObject | undefined {
  return state.object?.id === id ? state.object : state.deposed.find((each) => each.object.id === id)?.object;
}
