import type { EnvironmentEvent } from "./environment_event.ts";
import type { ResourceEvent } from "./resource_event.ts";

/** Everything that can stand in the log. */
export type Event = EnvironmentEvent | ResourceEvent;

/** Every kind of event, for the strict reading of stored bytes and for the tests that each kind must have. */
export const EVENT_TYPES: readonly Event["type"][] = [
  "EnvironmentOpened",
  "EnvironmentClosed",
  "KeyTrusted",
  "KeyRevoked",
  "RunStarted",
  "RunRenewed",
  "RunFinished",
  "RunBroken",
  "CheckpointTaken",
  "SecretsRotated",
  "AccountBound",
  "LogRestored",
  "LossSettled",
  "PolicySet",
  "PlanApproved",
  "SecretRevealed",
  "CreateStarted",
  "CreateAccepted",
  "Progressed",
  "CreateSucceeded",
  "CreateFailed",
  "UpdateStarted",
  "UpdateSucceeded",
  "UpdateFailed",
  "DeleteStarted",
  "DeleteSucceeded",
  "DeleteFailed",
  "OutcomeUnknown",
  "OutcomeResolved",
  "Skipped",
  "Observed",
  "DriftAccepted",
  "Rebound",
  "Forgotten",
  "Imported",
  "Moved",
  "Tainted",
  "Untainted",
  "Protected",
  "Unprotected",
];

/** Whether an event is about resources. */
export function isResourceEvent(event: Event): event is ResourceEvent {
  return "address" in event;
}

/** The addresses whose state an event changes: one, but for a move. */
export function addressesOf(event: ResourceEvent): readonly string[] {
  return event.type === "Moved" ? [event.address, event.from] : [event.address];
}
