import { unreachable } from "./invariant.ts";
import type {
  CreateStarted,
  Imported,
  ObjectFacts,
  OutcomeResolved,
  ResourceEvent,
  UpdateStarted,
} from "./resource_event.ts";
import type { DeposedObject, OpenIntent, ResourceState, StoredObject } from "./resource_state.ts";

/** Of the record of an event: the run that it belongs to, its number, its wall time. */
export type EventOrigin = Pick<OpenIntent, "run" | "seq" | "at">;

/**
 * Folds one event into the state of its address. Total: an event is a fact, and one that finds no place (an outcome of a
 * token that is not open) changes nothing but the version. What may be appended is decided before, by admission.
 *
 * @param origin what is known of the event's record
 */
export function evolveResource(
  state: ResourceState,
  event: ResourceEvent,
  origin: EventOrigin,
): ResourceState {
  const { run, seq, at } = origin;
  const next = { ...state, version: state.version + 1 };
  switch (event.type) {
    case "CreateStarted":
    case "UpdateStarted":
    case "DeleteStarted":
      return { ...next, intent: { run, seq, at, started: event, acceptedId: undefined, doubt: undefined } };
    case "CreateAccepted":
      return withIntent(next, event.token, (intent) => ({ ...intent, acceptedId: event.id }));
    case "Progressed":
      return withIntent(next, event.token, (intent) => ({
        ...intent,
        progress: { ...intent.progress, ...event.facts },
      }));
    case "OutcomeUnknown":
      return withIntent(next, event.token, (intent) => ({ ...intent, doubt: event.failure }));
    case "CreateSucceeded":
    case "UpdateSucceeded":
      return settleDone(next, event.token, event);
    case "DeleteSucceeded":
      return settleDone(next, event.token, undefined);
    case "CreateFailed":
    case "UpdateFailed":
    case "DeleteFailed":
      return settleNotDone(next, event.token);
    case "OutcomeResolved":
      return settleResolved(next, event);
    case "Observed":
      return observe(next, event.id, event.found);
    case "DriftAccepted":
      if (next.object?.id !== event.id) return next;
      return { ...next, object: { ...next.object, inputs: event.inputs } };
    case "Rebound": {
      const { dependencies, bindings, triggers = {}, description } = event;
      if (next.object === undefined) return next;
      const schemaVersion = event.schemaVersion ?? next.object.schemaVersion;
      const relations = { reliesSince: seq, dependencies, bindings, triggers, description };
      return { ...next, object: { ...next.object, schemaVersion, ...relations } };
    }
    case "Forgotten":
      return withoutObject(next, event.id);
    case "Imported":
      return withImported(next, event, seq);
    case "Tainted":
      return { ...next, taint: event.reason };
    case "Untainted":
      return { ...next, taint: undefined };
    case "Protected":
      return { ...next, isProtected: true, isProtectedByHand: event.byHand ?? state.isProtectedByHand };
    case "Unprotected":
      return event.byHand === true
        ? { ...next, isProtected: false, isProtectedByHand: false }
        : { ...next, isProtected: state.isProtectedByHand };
    case "Skipped":
    case "Moved": // What it brings is another address's: the fold of the environment puts it in place.
      return next;
    default:
      return unreachable(event);
  }
}

/**
 * Folds the object of a creation that was held for not done: it never takes the place of what lives, and waits among the
 * deposed until it is deleted or adopted.
 */
export function deposeLate(
  state: ResourceState,
  facts: ObjectFacts,
  started: CreateStarted,
  { seq }: Pick<EventOrigin, "seq">,
): ResourceState {
  const next = { ...state, version: state.version + 1 };
  const known = state.deposed.find((each) => isObject(each.object, started, facts.id));
  // What lives or is deposed under this id already is not deposed once more: deleting that would delete this.
  if (isObject(state.object, started, facts.id) || known?.reason === "replaced") return next;
  const incarnation = known?.object.incarnation ?? state.incarnation + 1;
  const object = createdObject({ started, seq }, facts, incarnation);
  const late: DeposedObject = { object, reason: "late" };
  const others = state.deposed.filter((each) => each !== known);
  return {
    ...next,
    incarnation: Math.max(state.incarnation, incarnation),
    deposed: [...others, late],
  };
}

/** Whether `object` is the one of this id, of the type and in the account of an intent. */
function isObject(object: StoredObject | undefined, started: CreateStarted, id: string): boolean {
  return object?.id === id && object.type === started.resourceType && object.account === started.account;
}

function withIntent(
  state: ResourceState,
  token: string,
  change: (intent: OpenIntent) => OpenIntent,
): ResourceState {
  if (state.intent?.started.token !== token) return state;
  return { ...state, intent: change(state.intent) };
}

function settleResolved(state: ResourceState, event: OutcomeResolved): ResourceState {
  return event.outcome === "done"
    ? settleDone(state, event.token, event.found)
    : settleNotDone(state, event.token);
}

function settleNotDone(state: ResourceState, token: string): ResourceState {
  return state.intent?.started.token === token ? { ...state, intent: undefined } : state;
}

function settleDone(state: ResourceState, token: string, facts: ObjectFacts | undefined): ResourceState {
  const { intent } = state;
  if (intent?.started.token !== token) return state;
  const { started, seq } = intent;
  const settled = { ...state, intent: undefined };
  if (started.type === "DeleteStarted") return withoutObject(settled, started.id);
  if (facts === undefined) return settled;
  return started.type === "CreateStarted"
    ? withCreated(settled, { started, seq }, facts)
    : withUpdated(settled, { started, seq }, facts);
}

/** An intent and the record that it stands in. */
interface Recorded<Started> {
  readonly started: Started;
  readonly seq: number;
}

function withCreated(
  state: ResourceState,
  intent: Recorded<CreateStarted>,
  facts: ObjectFacts,
): ResourceState {
  const incarnation = state.incarnation + 1;
  const replaced: readonly DeposedObject[] = state.object === undefined
    ? []
    : [{ object: state.object, reason: "replaced" }];
  return {
    ...state,
    incarnation,
    object: createdObject(intent, facts, incarnation),
    // A provider that gave the old object again made no second one: what lives is never deposed too.
    deposed: [...state.deposed, ...replaced].filter((each) =>
      !isObject(each.object, intent.started, facts.id)
    ),
    taint: undefined,
  };
}

function withImported(state: ResourceState, event: Imported, seq: number): ResourceState {
  const { id, resourceType, schemaVersion, account, inputs, fields, outputs, precondition } = event;
  const incarnation = state.incarnation + 1;
  const relations = { reliesSince: seq, dependencies: [], bindings: [], triggers: {}, description: {} };
  const facts = { id, type: resourceType, schemaVersion, account, inputs, fields, outputs, precondition };
  return { ...state, incarnation, object: { ...facts, incarnation, ...relations }, taint: undefined };
}

function createdObject(
  { started, seq }: Recorded<CreateStarted>,
  facts: ObjectFacts,
  incarnation: number,
): StoredObject {
  const { resourceType, schemaVersion, account, inputs } = started;
  const { dependencies, bindings, triggers = {}, description } = started;
  const { id, fields, outputs, precondition } = facts;
  return {
    id,
    type: resourceType,
    schemaVersion,
    account,
    incarnation,
    inputs,
    fields,
    outputs,
    precondition,
    reliesSince: seq,
    dependencies,
    bindings,
    triggers,
    description,
  };
}

function withUpdated(
  state: ResourceState,
  { started, seq }: Recorded<UpdateStarted>,
  facts: ObjectFacts,
): ResourceState {
  if (state.object === undefined) return state;
  const { schemaVersion, inputs, dependencies, bindings, triggers = {}, description } = started;
  const { fields, outputs, precondition } = facts;
  return {
    ...state,
    object: {
      ...state.object,
      schemaVersion,
      inputs,
      fields,
      outputs,
      precondition,
      reliesSince: seq,
      dependencies,
      bindings,
      triggers,
      description,
    },
  };
}

function observe(state: ResourceState, id: string, found: ObjectFacts | null): ResourceState {
  if (found === null) return withoutObject(state, id);
  if (state.object?.id !== id) return state;
  const { fields, outputs, precondition } = found;
  return { ...state, object: { ...state.object, fields, outputs, precondition } };
}

/** Takes away the object with this id, be it the live one or a deposed one. */
function withoutObject(state: ResourceState, id: string): ResourceState {
  if (state.object?.id === id) return { ...state, object: undefined, taint: undefined };
  return { ...state, deposed: state.deposed.filter((each) => each.object.id !== id) };
}
