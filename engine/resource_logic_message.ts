import type { CallFailure } from "./call_failure.ts";
import type { JsonObject } from "./json.ts";
import type {
  Binding,
  CreateStarted,
  DeleteStarted,
  Dependency,
  Description,
  Imported,
  ObjectFacts,
  OutcomeResolved,
  Progressed,
  Triggers,
  UpdateStarted,
} from "./resource_event.ts";
import type { Result } from "./result.ts";

/** What a resource may be told. Orders come from a run or a person, replies from the effect that the state waited for. */
export type ResourceMessage = ResourceOrder | ResourceReply;

/** Orders. One that is an intent carries it whole: what is sent, and under which token. */
export type ResourceOrder =
  | { readonly type: "Create"; readonly intent: Omit<CreateStarted, "type"> }
  | { readonly type: "Update"; readonly intent: Omit<UpdateStarted, "type"> }
  | { readonly type: "Delete"; readonly intent: Omit<DeleteStarted, "type"> }
  | { readonly type: "DeleteDeposed"; readonly intent: Omit<DeleteStarted, "type"> }
  | { readonly type: "Forget"; readonly id: string }
  | {
    readonly type: "Rebind";
    readonly dependencies: readonly Dependency[];
    readonly bindings: readonly Binding[];
    readonly triggers?: Triggers;
    readonly description: Description;
    readonly schemaVersion?: number;
  }
  | { readonly type: "Move"; readonly from: string }
  | { readonly type: "Import"; readonly object: Omit<Imported, "type" | "address"> }
  | { readonly type: "Observe"; readonly id: string; readonly found: ObjectFacts | null }
  | { readonly type: "AcceptDrift"; readonly id: string; readonly inputs: JsonObject }
  | { readonly type: "Skip"; readonly because: string; readonly reason: string }
  | { readonly type: "Protect"; readonly byHand?: true }
  | { readonly type: "Unprotect"; readonly byHand?: true }
  | { readonly type: "Taint"; readonly reason: string }
  | { readonly type: "Untaint" };

/** What the effect that a state waited for has brought. */
export type ResourceReply =
  | { readonly type: "Accepted"; readonly token: string; readonly id: string }
  | ({ readonly type: "Progressed"; readonly token: string } & Pick<Progressed, "step" | "facts">)
  | {
    readonly type: "CreateReplied";
    readonly token: string;
    readonly result: Result<ObjectFacts, CallFailure>;
  }
  | {
    readonly type: "UpdateReplied";
    readonly token: string;
    readonly result: Result<ObjectFacts, CallFailure>;
  }
  | { readonly type: "DeleteReplied"; readonly token: string; readonly result: Result<void, CallFailure> }
  /** The intent was not sent in time, so that nothing was done: another attempt is another intent. */
  | { readonly type: "NotSent"; readonly token: string; readonly failure: CallFailure }
  | {
    readonly type: "Resolved";
    readonly token: string;
    readonly outcome: OutcomeResolved["outcome"];
    readonly evidence: OutcomeResolved["evidence"];
    readonly found: ObjectFacts | undefined;
  }
  /** No evidence settles it; `failure` says what to search for by hand. */
  | { readonly type: "Unsettled"; readonly token: string; readonly failure: CallFailure };
