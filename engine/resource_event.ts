import type { CallFailure } from "./call_failure.ts";
import type { JsonObject } from "./json.ts";

/** A resource that another relies on, and which of its objects: the count of creates that had succeeded there. */
export interface Dependency {
  readonly address: string;
  readonly incarnation: number;
}

/** A field whose value came from another resource. */
export interface Binding {
  /** `field` or `section.field`. */
  readonly path: string;
  readonly from: readonly string[];
  /** `id`, or the name of an output. */
  readonly source: string;
}

/**
 * By `address.output`: what an output was whose change replaces the resource, as text that is equal exactly when the value
 * is; of a secret its digest.
 */
export interface Triggers {
  readonly [source: string]: string;
}

/** What people said of a resource in its annotations, kept with it so that it outlives the files. */
export interface Description {
  readonly intent?: string;
  readonly owner?: string;
  /** Forget it instead of deleting it. */
  readonly retained?: true;
}

/** What lives, as the provider told it last; secrets sealed. */
export interface ObjectFacts {
  readonly id: string;
  readonly fields: JsonObject;
  readonly outputs: JsonObject;
  readonly precondition?: string;
}

/** What an intent to make or change an object holds: all that is needed to send exactly the same again. */
interface Wanted {
  /** Encoded fields as sent, defaults and bindings in place, secrets sealed. */
  readonly inputs: JsonObject;
  readonly dependencies: readonly Dependency[];
  readonly bindings: readonly Binding[];
  readonly triggers?: Triggers;
  readonly description: Description;
}

/** Intent, durable before the provider is called. After a crash it means: the call may have run. */
export interface CreateStarted extends Wanted {
  readonly type: "CreateStarted";
  readonly address: string;
  /** 128 random bits, one for each intent, never derived from anything. */
  readonly token: string;
  readonly resourceType: string;
  readonly schemaVersion: number;
  readonly account: string;
  /** Milliseconds that the call, retries included, may take from its first sending. */
  readonly deadlineMs: number;
  /** Whether the unique name was looked for and free, for types found by name. */
  readonly nameWasFree?: boolean;
  /** The id of the object that this one is to take the place of. */
  readonly replaces?: string;
}

/** The provider has given the object an id; it may not be ready yet. */
export interface CreateAccepted {
  readonly type: "CreateAccepted";
  readonly address: string;
  readonly token: string;
  readonly id: string;
}

/**
 * The call has come so far, and goes on. What it has made known finds again what it did, should it never answer; each step adds
 * to what was told before.
 */
export interface Progressed {
  readonly type: "Progressed";
  readonly address: string;
  readonly token: string;
  /** For people, for example `built`. */
  readonly step: string;
  /** Outputs by name, as texts without secrets. */
  readonly facts: { readonly [name: string]: string };
}

/** The object lives. One that it replaces is deposed by this same event. */
export interface CreateSucceeded extends ObjectFacts {
  readonly type: "CreateSucceeded";
  readonly address: string;
  readonly token: string;
}

/** Nothing was made, and nothing will be under this token. */
export interface CreateFailed {
  readonly type: "CreateFailed";
  readonly address: string;
  readonly token: string;
  readonly failure: CallFailure;
}

/** Intent to change the live object in place. */
export interface UpdateStarted extends Wanted {
  readonly type: "UpdateStarted";
  readonly address: string;
  readonly token: string;
  readonly id: string;
  readonly schemaVersion: number;
  readonly deadlineMs: number;
  readonly precondition?: string;
}

/** The live object is as the intent wanted it. */
export interface UpdateSucceeded extends ObjectFacts {
  readonly type: "UpdateSucceeded";
  readonly address: string;
  readonly token: string;
}

/** The live object is as it was. */
export interface UpdateFailed {
  readonly type: "UpdateFailed";
  readonly address: string;
  readonly token: string;
  readonly failure: CallFailure;
}

/** Intent to delete the live object or a deposed one, told by its id. */
export interface DeleteStarted {
  readonly type: "DeleteStarted";
  readonly address: string;
  readonly token: string;
  readonly id: string;
  readonly deadlineMs: number;
  readonly precondition?: string;
  /** Others may rely on it still: it makes room for what takes its place, or they rely on each other in a circle. */
  readonly underDependents?: true;
}

/** The object is gone. */
export interface DeleteSucceeded {
  readonly type: "DeleteSucceeded";
  readonly address: string;
  readonly token: string;
  readonly id: string;
}

/** The object is still there. */
export interface DeleteFailed {
  readonly type: "DeleteFailed";
  readonly address: string;
  readonly token: string;
  readonly id: string;
  readonly failure: CallFailure;
}

/** The call's answer does not say what happened: the intent stays open and the resource in doubt. */
export interface OutcomeUnknown {
  readonly type: "OutcomeUnknown";
  readonly address: string;
  readonly token: string;
  readonly failure: CallFailure;
}

/** What an intent of before did, and how it became known. Closes the token. */
export interface OutcomeResolved {
  readonly type: "OutcomeResolved";
  readonly address: string;
  readonly token: string;
  readonly outcome: "done" | "notDone";
  /** `id`: found by the known id. `token`, `name`: found by it. `resend`: sent again under the token. `absence`: looked for late enough and not found. `noWorld`: the type has none. `person`: somebody settled it by hand. */
  readonly evidence: "id" | "token" | "name" | "resend" | "absence" | "noWorld" | "person";
  /** What was found, when the outcome is a living object. */
  readonly found?: ObjectFacts;
}

/** The run did not come to this resource. */
export interface Skipped {
  readonly type: "Skipped";
  readonly address: string;
  /** The resource whose failure kept the run from it. */
  readonly because: string;
  readonly reason: string;
}

/** A read found the object otherwise than stored; `null`: gone. */
export interface Observed {
  readonly type: "Observed";
  readonly address: string;
  readonly id: string;
  readonly found: ObjectFacts | null;
}

/** What lives counts as sent from now on, where it differed from what was: somebody has said so. Nothing was called. */
export interface DriftAccepted {
  readonly type: "DriftAccepted";
  readonly address: string;
  readonly id: string;
  /** All inputs, those that were accepted among them. */
  readonly inputs: JsonObject;
}

/** Wanted fields are equal, but what it relies on or what people say of it is new. No call was needed. */
export interface Rebound {
  readonly type: "Rebound";
  readonly address: string;
  readonly dependencies: readonly Dependency[];
  readonly bindings: readonly Binding[];
  readonly triggers?: Triggers;
  readonly description: Description;
  /** What is stored was compared under this version of the schema, newer than its own, and holds under it. */
  readonly schemaVersion?: number;
}

/** The object with this id is smelt's no more; it lives on. */
export interface Forgotten {
  readonly type: "Forgotten";
  readonly address: string;
  readonly id: string;
}

/**
 * An object that smelt did not make is its own from now on. Its relations follow in a `Rebound` or an `UpdateStarted`; what
 * lies between is a resource that relies on nothing.
 */
export interface Imported extends ObjectFacts {
  readonly type: "Imported";
  readonly address: string;
  readonly resourceType: string;
  readonly schemaVersion: number;
  readonly account: string;
  /** Of what the files want, the part that lives already: as if it had been sent. */
  readonly inputs: JsonObject;
}

/** All that `from` held is held by `address` now, and whatever relied on `from` relies on `address`. */
export interface Moved {
  readonly type: "Moved";
  readonly address: string;
  readonly from: string;
}

/** The live object is to be replaced at the next apply. */
export interface Tainted {
  readonly type: "Tainted";
  readonly address: string;
  readonly reason: string;
}

export interface Untainted {
  readonly type: "Untainted";
  readonly address: string;
}

/** No object of this address may be deleted or replaced. */
export interface Protected {
  readonly type: "Protected";
  readonly address: string;
  /** Somebody said so beside the files: what these say does not end it. */
  readonly byHand?: true;
}

/** The files no longer protect it; or, by hand, nothing does. */
export interface Unprotected {
  readonly type: "Unprotected";
  readonly address: string;
  readonly byHand?: true;
}

/** An event that says what a call is about to do. */
export type Intent = CreateStarted | UpdateStarted | DeleteStarted;

export type ResourceEvent =
  | CreateStarted
  | CreateAccepted
  | Progressed
  | CreateSucceeded
  | CreateFailed
  | UpdateStarted
  | UpdateSucceeded
  | UpdateFailed
  | DeleteStarted
  | DeleteSucceeded
  | DeleteFailed
  | OutcomeUnknown
  | OutcomeResolved
  | Skipped
  | Observed
  | DriftAccepted
  | Rebound
  | Forgotten
  | Imported
  | Moved
  | Tainted
  | Untainted
  | Protected
  | Unprotected;

/** Tells intents from outcomes and the rest. */
export function isIntent(event: ResourceEvent): event is Intent {
  return event.type === "CreateStarted" || event.type === "UpdateStarted" || event.type === "DeleteStarted";
}
