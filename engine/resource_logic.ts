import type { Refusal } from "./admit.ts";
import type { CallFailure } from "./call_failure.ts";
import { unreachable } from "./invariant.ts";
import type {
  CreateStarted,
  DeleteStarted,
  ObjectFacts,
  ResourceEvent,
  UpdateStarted,
} from "./resource_event.ts";
import type { ResourceMessage, ResourceReply } from "./resource_logic_message.ts";
import { heldObject, type OpenIntent, type ResourceState } from "./resource_state.ts";
import { err, ok, type Result } from "./result.ts";

/** What a resource answers to a message: the events that follow from it, none when it changes nothing, or a refusal. */
export type ResourceDecision = Result<readonly ResourceEvent[], Refusal>;

/** The one effect that a state waits for. */
export type ResourceEffect =
  | { readonly type: "CallCreate"; readonly intent: OpenIntent; readonly started: CreateStarted }
  | { readonly type: "CallUpdate"; readonly intent: OpenIntent; readonly started: UpdateStarted }
  | { readonly type: "CallDelete"; readonly intent: OpenIntent; readonly started: DeleteStarted }
  | { readonly type: "Resolve"; readonly intent: OpenIntent };

/** Decides one message. A message that does not fit the state is refused; nothing is ever overwritten. */
export function decideResource(state: ResourceState, message: ResourceMessage): ResourceDecision {
  const { address } = state;
  switch (message.type) {
    case "Create":
      return decideCreate(state, { type: "CreateStarted", ...message.intent });
    case "Update":
      return decideUpdate(state, { type: "UpdateStarted", ...message.intent });
    case "Delete":
    case "DeleteDeposed":
      return decideDelete(state, message.type, { type: "DeleteStarted", ...message.intent });
    case "Forget":
      return decideForget(state, message.id);
    case "Rebind": {
      const { type: _, ...relations } = message;
      if (state.intent !== undefined) return err({ kind: "IntentOpen", address });
      return ok([{ type: "Rebound", address, ...relations }]);
    }
    case "Move":
    case "Import":
      return decideArrival(state, message);
    case "Observe":
      return decideObserve(state, message.id, message.found);
    case "AcceptDrift":
      if (state.intent !== undefined) return err({ kind: "IntentOpen", address });
      return state.object?.id === message.id
        ? ok([{ type: "DriftAccepted", address, id: message.id, inputs: message.inputs }])
        : err({ kind: "NoSuchObject", address, id: message.id });
    case "Skip":
      return ok([{ type: "Skipped", address, because: message.because, reason: message.reason }]);
    case "Protect":
      return decideProtect(state, message.byHand);
    case "Unprotect":
      return decideUnprotect(state, message.byHand);
    case "Taint":
      return ok(state.taint === undefined ? [{ type: "Tainted", address, reason: message.reason }] : []);
    case "Untaint":
      return ok(state.taint === undefined ? [] : [{ type: "Untainted", address }]);
    default:
      return decideReply(state, message);
  }
}

/**
 * The one effect that `state` waits for in `run`: its own intent is called, once; the intent of any other run, and one whose
 * call has ended without an answer, is resolved and never called. Derived from the state alone, so that a start is a recovery.
 */
export function pendingResource(state: ResourceState, run: string): ResourceEffect | undefined {
  const { intent } = state;
  if (intent === undefined) return undefined;
  if (intent.run !== run || intent.doubt !== undefined) return { type: "Resolve", intent };
  const { started } = intent;
  switch (started.type) {
    case "CreateStarted":
      return { type: "CallCreate", intent, started };
    case "UpdateStarted":
      return { type: "CallUpdate", intent, started };
    case "DeleteStarted":
      return { type: "CallDelete", intent, started };
    default:
      return unreachable(started);
  }
}

function decideCreate(state: ResourceState, started: CreateStarted): ResourceDecision {
  const { address, object } = state;
  if (state.intent !== undefined) return err({ kind: "IntentOpen", address });
  if (started.replaces === undefined) {
    return object === undefined ? ok([started]) : err({ kind: "AlreadyLives", address, id: object.id });
  }
  if (object === undefined) return err({ kind: "NoSuchObject", address, id: started.replaces });
  if (object.id !== started.replaces) return err({ kind: "AlreadyLives", address, id: object.id });
  return state.isProtected ? err({ kind: "ResourceProtected", address }) : ok([started]);
}

function decideUpdate(state: ResourceState, started: UpdateStarted): ResourceDecision {
  const { address } = state;
  if (state.intent !== undefined) return err({ kind: "IntentOpen", address });
  return state.object?.id === started.id
    ? ok([started])
    : err({ kind: "NoSuchObject", address, id: started.id });
}

function decideDelete(
  state: ResourceState,
  order: "Delete" | "DeleteDeposed",
  started: DeleteStarted,
): ResourceDecision {
  const { address } = state;
  if (state.intent !== undefined) return err({ kind: "IntentOpen", address });
  if (state.isProtected) return err({ kind: "ResourceProtected", address });
  const isThere = order === "Delete"
    ? state.object?.id === started.id
    : state.deposed.some((each) => each.object.id === started.id);
  return isThere ? ok([started]) : err({ kind: "NoSuchObject", address, id: started.id });
}

/** What comes to an address finds it empty. */
function decideArrival(
  state: ResourceState,
  message: Extract<ResourceMessage, { readonly type: "Move" | "Import" }>,
): ResourceDecision {
  const { address } = state;
  if (state.intent !== undefined) return err({ kind: "IntentOpen", address });
  const held = state.object ?? (message.type === "Move" ? state.deposed[0]?.object : undefined);
  if (held !== undefined) return err({ kind: "AlreadyLives", address, id: held.id });
  return ok([
    message.type === "Move"
      ? { type: "Moved", address, from: message.from }
      : { type: "Imported", address, ...message.object },
  ]);
}

/** Protection would end with what it protects: it is taken off first. */
function decideForget(state: ResourceState, id: string): ResourceDecision {
  const { address } = state;
  if (state.intent !== undefined) return err({ kind: "IntentOpen", address });
  if (!holds(state, id)) return err({ kind: "NoSuchObject", address, id });
  if (state.isProtected) return err({ kind: "ResourceProtected", address });
  return ok([{ type: "Forgotten", address, id }]);
}

function decideObserve(state: ResourceState, id: string, found: ObjectFacts | null): ResourceDecision {
  const { address } = state;
  if (state.intent !== undefined) return err({ kind: "IntentOpen", address });
  return holds(state, id)
    ? ok([{ type: "Observed", address, id, found }])
    : err({ kind: "NoSuchObject", address, id });
}

function decideProtect(state: ResourceState, byHand: true | undefined): ResourceDecision {
  const { address } = state;
  if (state.intent?.started.type === "DeleteStarted") return err({ kind: "DeleteUnderWay", address });
  if (byHand === undefined) return ok(state.isProtected ? [] : [{ type: "Protected", address }]);
  return ok(state.isProtectedByHand ? [] : [{ type: "Protected", address, byHand }]);
}

/** What the files cease to protect stays protected where somebody said so by hand. */
function decideUnprotect(state: ResourceState, byHand: true | undefined): ResourceDecision {
  const { address } = state;
  const isKept = byHand === undefined && state.isProtectedByHand;
  if (!state.isProtected || isKept) return ok([]);
  return ok([
    byHand === undefined ? { type: "Unprotected", address } : { type: "Unprotected", address, byHand },
  ]);
}

function holds(state: ResourceState, id: string): boolean {
  return heldObject(state, id) !== undefined;
}

function decideReply(state: ResourceState, reply: ResourceReply): ResourceDecision {
  const { address } = state;
  const { token } = reply;
  // A creation that succeeded is a fact even when it was held for not done: admission knows whether it was.
  if (reply.type === "CreateReplied" && reply.result.ok) {
    return ok([{ type: "CreateSucceeded", address, token, ...reply.result.value }]);
  }
  const intent = state.intent;
  if (intent?.started.token !== token) return err({ kind: "TokenNotOpen", address, token });
  switch (reply.type) {
    case "Accepted":
      return ok(
        intent.acceptedId === reply.id ? [] : [{ type: "CreateAccepted", address, token, id: reply.id }],
      );
    case "Progressed":
      return ok([{ type: "Progressed", address, token, step: reply.step, facts: reply.facts }]);
    case "CreateReplied":
    case "UpdateReplied":
    case "DeleteReplied":
      return reply.result.ok
        ? decideSuccess(state, intent, reply.result.value)
        : decideFailure(address, intent, reply.result.error);
    case "NotSent":
      return ok([failed(address, intent, reply.failure)]);
    case "Resolved": {
      const { outcome, evidence, found } = reply;
      const facts = found === undefined ? {} : { found };
      return ok([{ type: "OutcomeResolved", address, token, outcome, evidence, ...facts }]);
    }
    case "Unsettled":
      return ok(
        intent.doubt?.message === reply.failure.message
          ? []
          : [{ type: "OutcomeUnknown", address, token, failure: reply.failure }],
      );
    default:
      return unreachable(reply);
  }
}

function decideSuccess(
  { address }: ResourceState,
  { started }: OpenIntent,
  facts: ObjectFacts | void,
): ResourceDecision {
  const { token } = started;
  if (started.type === "DeleteStarted") {
    return ok([{ type: "DeleteSucceeded", address, token, id: started.id }]);
  }
  return facts === undefined || started.type === "CreateStarted"
    ? err({ kind: "TokenNotOpen", address, token })
    : ok([{ type: "UpdateSucceeded", address, token, ...facts }]);
}

/** A failure closes the intent only where it says that nothing was done; else it stays open, in doubt, which is said once. */
function decideFailure(address: string, intent: OpenIntent, failure: CallFailure): ResourceDecision {
  const { started } = intent;
  if (failure.certainty === "notDone") return ok([failed(address, intent, failure)]);
  if (failure.certainty === "done" && started.type === "DeleteStarted") {
    return ok([{ type: "DeleteSucceeded", address, token: started.token, id: started.id }]);
  }
  return ok(
    intent.doubt === undefined ? [{ type: "OutcomeUnknown", address, token: started.token, failure }] : [],
  );
}

function failed(address: string, { started }: OpenIntent, failure: CallFailure): ResourceEvent {
  const { token } = started;
  switch (started.type) {
    case "CreateStarted":
      return { type: "CreateFailed", address, token, failure };
    case "UpdateStarted":
      return { type: "UpdateFailed", address, token, failure };
    case "DeleteStarted":
      return { type: "DeleteFailed", address, token, id: started.id, failure };
    default:
      return unreachable(started);
  }
}
