import type { EnvironmentView } from "./environment.ts";
import type { PlannedResource } from "./plan.ts";
import { heldObject } from "./resource_state.ts";
import type { Step } from "./steps.ts";
import { isList, isRecord, SealedSecret, type Value } from "./value.ts";
import { decodeRecord } from "./value_codec.ts";

/** A sealed secret that a call will open. */
export interface NeededSecret {
  readonly sealed: SealedSecret;
  /** Whose call it is. */
  readonly address: string;
  /** `sent`: to make or change an object. `removed`: an object that is deleted was made of it. */
  readonly use: "sent" | "removed";
}

/** The sealed secrets that the calls of a run will open, as far as the plan knows them, each once for a resource. */
export function neededSecrets(
  resources: readonly PlannedResource[],
  steps: readonly Step[],
  state: EnvironmentView,
): readonly NeededSecret[] {
  const planned = new Map(resources.map((each) => [each.address, each]));
  const found = new Map<string, NeededSecret>();
  for (const step of steps) {
    const { address, operation } = step;
    const value = openedBy(step, planned.get(address), state);
    const use = operation === "delete" || operation === "deleteDeposed" ? "removed" : "sent";
    for (const sealed of sealedIn(value)) {
      // Two texts of one blob with different digests are two: only one of them opens.
      found.set(`${sealed.blob} ${sealed.digest} ${use} ${address}`, { sealed, address, use });
    }
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

function sealedIn(value: Value | undefined): readonly SealedSecret[] {
  if (value === undefined) return [];
  if (value instanceof SealedSecret) return [value];
  if (isList(value)) return value.flatMap(sealedIn);
  return isRecord(value) ? Object.values(value).flatMap(sealedIn) : [];
}
