import type { EnvironmentView } from "./environment.ts";
import { orderGraph, type Ordering } from "./graph.ts";
import type { PlannedResource } from "./plan.ts";
import { heldObject } from "./resource_state.ts";
import { type Reliance, type Reliances, reliancesIn, reliancesOn } from "./reliances.ts";
import type { Operation, Step } from "./steps.ts";

/** A step whose place among the others is being worked out. */
export interface DraftStep extends Omit<Step, "after" | "isUnderDependents"> {
  readonly planned: PlannedResource;
  readonly after: Set<string>;
  isUnderDependents: boolean;
}

/** Whether an operation deletes an object, be it the live one or a deposed one. */
export function isDeletion(operation: Operation): boolean {
  return operation === "delete" || operation === "deleteDeposed";
}

/**
 * Fills in what each step comes after. `waiting`: addresses whose change waits until an old object has made room.
 *
 * What lets go of what is told by object, not by address: an old object of A may rely on B while one of B relies on a newer
 * object of A. At last the steps of one resource are put in a row, along an order that all the rest allows: two intents of
 * one resource cannot be open at once.
 */
export function orderSteps(
  drafts: ReadonlyMap<string, DraftStep>,
  state: EnvironmentView,
  waiting: ReadonlySet<string>,
): void {
  const linking: Linking = {
    state,
    waiting,
    byAddress: Map.groupBy(drafts.values(), (step) => step.address),
    // Only what goes asks who relies on it, and the answer takes a look at every object.
    reliances: [...drafts.values()].some((step) => isDeletion(step.operation))
      ? reliancesIn(state)
      : new Map(),
    forgets: [...drafts.values()].filter((step) => step.operation === "forget"),
    moves: [...drafts.values()].filter((step) => step.operation === "move"),
  };
  for (const step of drafts.values()) linkStep(linking, step);
  putInRows(drafts, breakCycles(drafts, state).order);
}

interface Linking {
  readonly state: EnvironmentView;
  readonly byAddress: ReadonlyMap<string, readonly DraftStep[]>;
  readonly reliances: Reliances;
  /** Addresses whose change waits until an old object has made room. */
  readonly waiting: ReadonlySet<string>;
  /** What only lets go of an object. */
  readonly forgets: readonly DraftStep[];
  readonly moves: readonly DraftStep[];
}

const CHANGES: readonly Operation[] = ["create", "replace", "update", "rebind", "move", "import"];

/** Whether an operation brings an object to its address. */
function isArrival({ operation }: DraftStep): boolean {
  return operation === "move" || operation === "import";
}

function linkStep(linking: Linking, step: DraftStep): void {
  const own = linking.byAddress.get(step.address) ?? [];
  if (!isArrival(step)) waitFor(step, own, isArrival);
  switch (step.operation) {
    case "move":
      // An address takes over only once what it held has gone on to another.
      waitFor(
        step,
        linking.moves,
        ({ planned: { arrival } }) => arrival?.kind === "moved" && arrival.from === step.address,
      );
      return;
    case "import":
      return;
    case "create":
    case "replace":
    case "update":
    case "rebind":
      for (const target of step.planned.wanted?.dependencies ?? []) {
        waitFor(step, linking.byAddress.get(target), (each) => CHANGES.includes(each.operation));
      }
      for (const { address, objectId } of step.planned.waitsFor) {
        waitFor(
          step,
          linking.byAddress.get(address),
          (each) => isDeletion(each.operation) ? each.objectId === objectId : each.operation === "update",
        );
      }
      if (step.operation === "create" || step.operation === "replace") {
        waitFor(step, own, (each) => each.isUnderDependents);
        // What is made may bear the very id of an object of its type that went outside: an id has one owner.
        waitFor(step, linking.forgets, (each) => each.planned.type === step.planned.type);
      }
      return;
    case "delete":
    case "deleteDeposed":
      if (step.isUnderDependents) return waitForDeletions(linking, step);
      waitForLettingGo(linking, step);
      if (step.operation === "deleteDeposed") {
        waitFor(step, own, (each) => each.operation !== "deleteDeposed");
      }
      return;
    case "forgetDeposed":
      return waitFor(step, own, (each) => CHANGES.includes(each.operation));
    case "forget":
    case "observe":
    case "accept":
      return;
  }
}

/** Whatever relies on this very object must have gone, or must have been changed to rely on something else. */
function waitForLettingGo(linking: Linking, step: DraftStep): void {
  for (const { address, objectId, isLive } of relying(linking, step)) {
    waitFor(
      step,
      linking.byAddress.get(address),
      (each) => isOfDeposed(each.operation) ? each.objectId === objectId : isLive,
    );
  }
}

function isOfDeposed(operation: Operation): boolean {
  return operation === "deleteDeposed" || operation === "forgetDeposed";
}

/** An old object that goes first goes after what goes too, and under what can let go only when the new one is there. */
function waitForDeletions(linking: Linking, step: DraftStep): void {
  for (const { address, objectId, isLive } of relying(linking, step)) {
    const canLetGo = isLive && !linking.waiting.has(address);
    waitFor(
      step,
      linking.byAddress.get(address),
      (each) => isDeletion(each.operation) ? each.objectId === objectId : canLetGo,
    );
  }
}

function relying({ state, reliances }: Linking, { address, objectId }: DraftStep): readonly Reliance[] {
  return reliancesOn(reliances, state, address, objectId);
}

function waitFor(
  step: DraftStep,
  targets: readonly DraftStep[] | undefined,
  test: (target: DraftStep) => boolean,
): void {
  for (const target of targets ?? []) {
    if (target !== step && test(target)) step.after.add(target.id);
  }
}

/**
 * Stored dependencies may form a cycle after a partial failure. The youngest intent in it goes first: what was made last is
 * let go of without waiting for the others on the cycle. Given up before that is where old objects of a resource stand among
 * its own steps, which is only usual.
 */
function breakCycles(drafts: ReadonlyMap<string, DraftStep>, state: EnvironmentView): Ordering {
  for (;;) {
    const ordering = orderGraph(new Map([...drafts].map(([id, step]) => [id, [...step.after]] as const)));
    const { cycle } = ordering;
    if (cycle === undefined) return ordering;
    const steps = cycle.slice(0, -1).flatMap((id) => drafts.get(id) ?? []);
    const usual = steps.findIndex((step, index) => isOnlyUsual(step, steps[(index + 1) % steps.length]));
    if (usual >= 0) steps[usual]?.after.delete(cycle[usual + 1] ?? "");
    else letGoFirst(youngest(steps, state), cycle);
  }
}

function letGoFirst(step: DraftStep, cycle: readonly string[]): void {
  for (const id of cycle) step.after.delete(id);
  step.isUnderDependents = isDeletion(step.operation);
}

function isOnlyUsual(step: DraftStep, before: DraftStep | undefined): boolean {
  if (step.address !== before?.address) return false;
  if (before.operation === "deleteDeposed") return true;
  return step.operation === "deleteDeposed" && step.objectId !== before.objectId;
}

function youngest(steps: readonly DraftStep[], state: EnvironmentView): DraftStep {
  const deletions = steps.filter((step) => isDeletion(step.operation));
  return (deletions.length > 0 ? deletions : steps).reduce((a, b) => age(state, b) > age(state, a) ? b : a);
}

/** The larger, the younger. */
function age(state: EnvironmentView, step: DraftStep): number {
  const resource = state.resources.get(step.address);
  if (resource === undefined || step.objectId === undefined) return 0;
  return heldObject(resource, step.objectId)?.reliesSince ?? 0;
}

function putInRows(drafts: ReadonlyMap<string, DraftStep>, order: readonly string[]): void {
  const last = new Map<string, string>();
  for (const id of order) {
    const step = drafts.get(id);
    if (step === undefined) continue;
    const before = last.get(step.address);
    if (before !== undefined) step.after.add(before);
    last.set(step.address, id);
  }
}
