import type { EnvironmentView } from "./environment.ts";
import { orderGraph } from "./graph.ts";
import type { Plan, PlannedResource } from "./plan.ts";
import type { Operation, Step } from "./steps.ts";
import { compareText } from "./text_order.ts";

/**
 * Cuts a plan into the steps of a run, and says which must have settled before which.
 *
 * What relies on something starts after it; what is deleted goes after everything that relies on it, in the world as the log
 * knows it, has let go: been deleted, or been changed to rely on something else. Replacement is a creation, then the changes
 * of the dependents, then the deletion of the deposed object; where a name can be held only once, the deletion comes first.
 */
export function stepsOf(plan: Plan, state: EnvironmentView): readonly Step[] {
  const drafts = new Map<string, DraftStep>();
  for (const planned of plan.resources) {
    for (const step of draftSteps(planned)) drafts.set(step.id, step);
  }
  const byAddress = Map.groupBy(drafts.values(), (step) => step.address);
  for (const step of drafts.values()) linkStep(step, byAddress, state);
  breakCycles(drafts, state);
  return [...drafts.values()].map(({ planned: _, after, ...step }) => ({
    ...step,
    after: [...after].filter((id) => drafts.has(id)).sort(compareText),
  }));
}

interface DraftStep extends Omit<Step, "after"> {
  readonly planned: PlannedResource;
  readonly after: Set<string>;
}

type ByAddress = ReadonlyMap<string, readonly DraftStep[]>;

function draftSteps(planned: PlannedResource): readonly DraftStep[] {
  const steps: DraftStep[] = [];
  const add = (operation: Operation, objectId: string | undefined) =>
    steps.push(draftStep(planned, operation, objectId));
  switch (planned.action) {
    case "create":
    case "update":
    case "rebind":
    case "delete":
    case "forget":
      add(planned.action, planned.objectId);
      break;
    case "replace":
      if (planned.isDeleteFirst) {
        add("delete", planned.objectId);
        add("create", undefined);
      } else {
        add("replace", planned.objectId);
        add("deleteDeposed", planned.objectId);
      }
      break;
    case "none":
      break;
  }
  for (const id of planned.deposed) add("deleteDeposed", id);
  return steps;
}

function draftStep(planned: PlannedResource, operation: Operation, objectId: string | undefined): DraftStep {
  const { address, tier } = planned;
  const id = operation === "deleteDeposed"
    ? `${operation} ${address} ${objectId}`
    : `${operation} ${address}`;
  return { id, address, operation, objectId, tier, planned, after: new Set() };
}

function linkStep(step: DraftStep, byAddress: ByAddress, state: EnvironmentView): void {
  switch (step.operation) {
    case "create":
    case "replace":
    case "update":
    case "rebind":
      for (const target of step.planned.wanted?.dependencies ?? []) {
        waitForChanges(step, byAddress.get(target));
      }
      if (step.operation === "create") waitFor(step, byAddress.get(step.address), ["delete"]);
      return;
    case "delete":
      if (step.planned.isDeleteFirst) return waitForDeletions(step, byAddress, state);
      return waitForLettingGo(step, byAddress, state);
    case "deleteDeposed":
      waitFor(step, byAddress.get(step.address), ["replace", "create", "update", "rebind"]);
      return waitForLettingGo(step, byAddress, state);
    case "forget":
      return;
  }
}

function waitForChanges(step: DraftStep, targets: readonly DraftStep[] | undefined): void {
  waitFor(step, targets, ["create", "replace", "update", "rebind"]);
}

/** Everything that the log knows to rely on this address must be gone from it, old objects of it included. */
function waitForLettingGo(step: DraftStep, byAddress: ByAddress, state: EnvironmentView): void {
  for (const dependent of state.dependents.get(step.address) ?? []) {
    if (dependent === step.address) continue;
    waitFor(step, byAddress.get(dependent), [
      "delete",
      "forget",
      "update",
      "rebind",
      "replace",
      "create",
      "deleteDeposed",
    ]);
  }
}

/** An old object that goes first goes under its dependents, but not before those that go too. */
function waitForDeletions(step: DraftStep, byAddress: ByAddress, state: EnvironmentView): void {
  for (const dependent of state.dependents.get(step.address) ?? []) {
    if (dependent !== step.address) waitFor(step, byAddress.get(dependent), ["delete"]);
  }
}

function waitFor(
  step: DraftStep,
  targets: readonly DraftStep[] | undefined,
  operations: readonly Operation[],
): void {
  for (const target of targets ?? []) {
    if (target !== step && operations.includes(target.operation)) step.after.add(target.id);
  }
}

/**
 * Stored dependencies may form a cycle after a partial failure. The youngest intent in it goes first: what was made last is
 * let go of without waiting for the others on the cycle.
 */
function breakCycles(drafts: Map<string, DraftStep>, state: EnvironmentView): void {
  for (;;) {
    const { cycle } = orderGraph(new Map([...drafts].map(([id, step]) => [id, [...step.after]] as const)));
    if (cycle === undefined) return;
    const steps = [...new Set(cycle)].flatMap((id) => drafts.get(id) ?? []);
    const deletions = steps.filter((step) =>
      step.operation === "delete" || step.operation === "deleteDeposed"
    );
    const youngest = (deletions.length > 0 ? deletions : steps)
      .reduce((a, b) => age(state, b) > age(state, a) ? b : a);
    for (const each of steps) youngest.after.delete(each.id);
  }
}

function age(state: EnvironmentView, step: DraftStep): number {
  return state.resources.get(step.address)?.version ?? 0;
}
