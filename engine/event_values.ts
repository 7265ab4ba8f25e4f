import type { Event } from "./event.ts";
import type { JsonObject } from "./json.ts";

/** The encoded values that an event holds: the places where it may name secrets. Makes no copies, since readers of a log ask of every event. */
export function eventValues(event: Event): readonly JsonObject[] {
  switch (event.type) {
    case "CreateStarted":
    case "UpdateStarted":
    case "DriftAccepted":
      return [event.inputs];
    case "Imported":
      return [event.inputs, event.fields, event.outputs];
    case "CreateSucceeded":
    case "UpdateSucceeded":
      return [event.fields, event.outputs];
    case "OutcomeResolved":
      return event.found === undefined ? [] : [event.found.fields, event.found.outputs];
    case "Observed":
      return event.found === null ? [] : [event.found.fields, event.found.outputs];
    default:
      return [];
  }
}

/** The same event with each of its encoded values changed. */
export function mapEventValues(event: Event, change: (value: JsonObject) => JsonObject): Event {
  switch (event.type) {
    case "CreateStarted":
    case "UpdateStarted":
    case "DriftAccepted":
      return { ...event, inputs: change(event.inputs) };
    case "Imported":
      return { ...event, inputs: change(event.inputs), ...factsOf(event, change) };
    case "CreateSucceeded":
    case "UpdateSucceeded":
      return { ...event, ...factsOf(event, change) };
    case "OutcomeResolved":
      return event.found === undefined
        ? event
        : { ...event, found: { ...event.found, ...factsOf(event.found, change) } };
    case "Observed":
      return event.found === null
        ? event
        : { ...event, found: { ...event.found, ...factsOf(event.found, change) } };
    default:
      return event;
  }
}

function factsOf(
  { fields, outputs }: { readonly fields: JsonObject; readonly outputs: JsonObject },
  change: (value: JsonObject) => JsonObject,
): { readonly fields: JsonObject; readonly outputs: JsonObject } {
  return { fields: change(fields), outputs: change(outputs) };
}
