import type { EnvironmentView } from "./environment.ts";
import type { Plan, PlannedResource } from "./plan.ts";
import { waitingForRoom } from "./first_deletions.ts";
import { type DraftStep, isDeletion, orderSteps } from "./plan_step_order.ts";
import type { Operation, Step } from "./steps.ts";
import { compareText } from "./text_order.ts";

/**
 * Cuts a plan into the steps of a run, and says which must have settled before which. Steps of one resource never overlap.
 *
 * What relies on something starts after it; an object that is deleted goes after everything that relies on it, in the world
 * as the log knows it, has let go: been deleted, or been changed to rely on something else. Replacement is a creation, then
 * the changes of the dependents, then the deletion of the deposed object, or letting go of one that is retained; where a name can be held only once, the object that
 * holds it goes first, and with it what relies on it and goes anyway.
 */
export function stepsOf(plan: Plan, state: EnvironmentView): readonly Step[] {
  const drafts = new Map<string, DraftStep>();
  for (const planned of plan.resources) {
    for (const step of draftSteps(planned)) drafts.set(step.id, step);
  }
  const waiting = waitingForRoom(new Map(plan.resources.map((each) => [each.address, each])));
  orderSteps(drafts, state, waiting);
  return [...drafts.values()].map(({ planned: _, after, ...step }): Step => ({
    ...step,
    after: [...after].sort(compareText),
  }));
}

function draftSteps(planned: PlannedResource): readonly DraftStep[] {
  const { arrival } = planned;
  if (arrival === undefined) return ownSteps(planned);
  const operation = arrival.kind === "moved" ? "move" : "import";
  return [draftStep(planned, operation, planned.objectId), ...ownSteps(planned)];
}

function ownSteps(planned: PlannedResource): readonly DraftStep[] {
  const { action, objectId, deposed, retained } = planned;
  const draft = (operation: Operation, id: string | undefined) => draftStep(planned, operation, id);
  const leftovers = [
    ...deposed.map((id) => draft("deleteDeposed", id)),
    ...retained.map((id) => draft("forgetDeposed", id)),
  ];
  switch (action) {
    case "create":
      return [draft("create", undefined), ...leftovers];
    case "replace":
      if (objectId !== undefined && retained.includes(objectId)) {
        return [draft("replace", objectId), ...leftovers];
      }
      return objectId !== undefined && planned.goesFirst.includes(objectId)
        ? [draft("delete", objectId), draft("create", undefined), ...leftovers]
        : [draft("replace", objectId), draft("deleteDeposed", objectId), ...leftovers];
    case "update":
    case "rebind":
    case "observe":
    case "accept":
    case "delete":
    case "forget":
      return [draft(action, objectId), ...leftovers];
    case "none":
      return leftovers;
  }
}

function draftStep(planned: PlannedResource, operation: Operation, objectId: string | undefined): DraftStep {
  const { address, tier } = planned;
  const id = operation === "deleteDeposed" || operation === "forgetDeposed"
    ? `${operation} ${address} ${objectId}`
    : `${operation} ${address}`;
  const isUnderDependents = objectId !== undefined && isDeletion(operation) &&
    planned.goesFirst.includes(objectId);
  return { id, address, operation, objectId, tier, planned, isUnderDependents, after: new Set() };
}
