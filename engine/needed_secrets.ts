import type { EnvironmentView } from "./environment.ts";
import type { PlannedResource } from "./plan.ts";
import { heldObject } from "./resource_state.ts";
import type { Step } from "./steps.ts";
import { isList, isRecord, SealedSecret, type Value } from "./value.ts";
import { decodeRecord } from "./value_codec.ts";

/**
 * The sealed secrets that the calls of a run will open, as far as the plan knows them, each blob once: what is sent to make or
 * change an object, and what an object that is deleted was made of.
 */
export function neededSecrets(
  resources: readonly PlannedResource[],
  steps: readonly Step[],
  state: EnvironmentView,
): readonly SealedSecret[] {
  const planned = new Map(resources.map((each) => [each.address, each]));
  const found = new Map<string, SealedSecret>();
  for (const step of steps) {
    const value = openedBy(step, planned.get(step.address), state);
    if (value !== undefined) collect(value, found);
  }
  return [...found.values()];
}

function openedBy(
  { operation, address, objectId }: Step,
  planned: PlannedResource | undefined,
  state: EnvironmentView,
): Value | undefined {
  switch (operation) {
    case "create":
    case "replace":
    case "update":
      return planned?.bound;
    case "delete":
    case "deleteDeposed": {
      const { arrival } = planned ?? {};
      const held = state.resources.get(arrival?.kind === "moved" ? arrival.from : address);
      const object = held === undefined || objectId === undefined ? undefined : heldObject(held, objectId);
      return object === undefined ? undefined : decodeRecord(object.inputs);
    }
    default:
      return undefined;
  }
}

/** Two texts of one blob with different digests are two: only one of them opens. */
function collect(value: Value, found: Map<string, SealedSecret>): void {
  if (value instanceof SealedSecret) found.set(`${value.blob} ${value.digest}`, value);
  else if (isList(value)) { for (const part of value) collect(part, found); }
  else if (isRecord(value)) { for (const part of Object.values(value)) collect(part, found); }
}
