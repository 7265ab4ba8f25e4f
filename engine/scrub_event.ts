import type { CallFailure } from "./call_failure.ts";
import type { Event } from "./event.ts";
import type { SecretRegister } from "./secret_register.ts";

/**
 * The event without any known secret in what others have said: messages of failures, and reasons made of them. What people have
 * written is never altered; `saidSecret` finds a secret in that.
 */
export function scrubEvent(secrets: SecretRegister, event: Event): Event {
  switch (event.type) {
    case "CreateFailed":
    case "UpdateFailed":
    case "DeleteFailed":
    case "OutcomeUnknown":
      return { ...event, failure: scrubCallFailure(secrets, event.failure) };
    case "Progressed":
      return { ...event, step: secrets.scrub(event.step), facts: scrubTexts(secrets, event.facts) };
    case "Skipped":
      return { ...event, reason: secrets.scrub(event.reason) };
    default:
      return event;
  }
}

function scrubTexts(
  secrets: SecretRegister,
  texts: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, secrets.scrub(text)]));
}

/** The failure without any known secret in its message. */
export function scrubCallFailure(secrets: SecretRegister, failure: CallFailure): CallFailure {
  return { ...failure, message: secrets.scrubForeign(failure.message) };
}

/** What in an event people have written, by what it is, in which a known secret stands; `undefined` when there is none. */
export function saidSecret(secrets: SecretRegister, event: Event): string | undefined {
  return saidTexts(event).find(([, text]) => text !== undefined && secrets.isIn(text))?.[0];
}

function saidTexts(event: Event): readonly (readonly [string, string | undefined])[] {
  switch (event.type) {
    case "RunStarted":
      return [["--why", event.why]];
    case "PlanApproved":
      return [["--why", event.why]];
    case "KeyTrusted":
      return [["the name of the key", event.key.name]];
    case "KeyRevoked":
      return [["the reason", event.reason]];
    case "CreateStarted":
    case "UpdateStarted":
    case "Rebound":
      return [
        [`the intent of "${event.address}"`, event.description.intent],
        [`the owner of "${event.address}"`, event.description.owner],
      ];
    default:
      return [];
  }
}
