import type { EnvironmentView } from "./environment.ts";
import { orderGraph, type Ordering } from "./graph.ts";
import type { PlannedResource } from "./plan.ts";
import type { ResourceState, StoredObject } from "./resource_state.ts";
import type { Operation, Step } from "./steps.ts";

/** A step whose place among the others is being worked out. */
export interface DraftStep extends Omit<Step, "after"> {
  readonly planned: PlannedResource;
  readonly after: Set<string>;
}

/**
 * Fills in what each step comes after.
 *
 * What lets go of what is told by object, not by address: an old object of A may rely on B while one of B relies on a newer
 * object of A. At last the steps of one resource are put in a row, along an order that all the rest allows: two intents of
 * one resource cannot be open at once.
 */
export function orderSteps(drafts: ReadonlyMap<string, DraftStep>, state: EnvironmentView): void {
  const linking: Linking = {
    state,
    byAddress: Map.groupBy(drafts.values(), (step) => step.address),
    reliances: reliancesIn(state),
  };
  for (const step of drafts.values()) linkStep(linking, step);
  putInRows(drafts, breakCycles(drafts, state).order);
}

interface Linking {
  readonly state: EnvironmentView;
  readonly byAddress: ReadonlyMap<string, readonly DraftStep[]>;
  readonly reliances: Reliances;
}

/** By address and incarnation: the objects that rely on that one. */
type Reliances = ReadonlyMap<string, readonly Reliance[]>;

interface Reliance {
  readonly address: string;
  readonly objectId: string;
  readonly isLive: boolean;
}

const CHANGES: readonly Operation[] = ["create", "replace", "update", "rebind"];

function linkStep(linking: Linking, step: DraftStep): void {
  const own = linking.byAddress.get(step.address) ?? [];
  switch (step.operation) {
    case "create":
    case "replace":
    case "update":
    case "rebind":
      for (const target of step.planned.wanted?.dependencies ?? []) {
        waitFor(step, linking.byAddress.get(target), (each) => CHANGES.includes(each.operation));
      }
      if (step.operation === "create") waitFor(step, own, isInTheWay);
      return;
    case "delete":
      return step.planned.isDeleteFirst ? waitForDeletions(linking, step) : waitForLettingGo(linking, step);
    case "deleteDeposed":
      waitForLettingGo(linking, step);
      if (!isInTheWay(step)) waitFor(step, own, (each) => each.operation !== "deleteDeposed");
      return;
    case "forget":
      return;
  }
}

/** Whether a deletion makes room for a new object that needs the name. */
function isInTheWay({ operation, planned }: DraftStep): boolean {
  return planned.isDeleteFirst && (operation === "delete" || operation === "deleteDeposed");
}

/** Whatever relies on this very object must have gone, or must have been changed to rely on something else. */
function waitForLettingGo(linking: Linking, step: DraftStep): void {
  for (const { address, objectId, isLive } of reliancesOn(linking, step)) {
    waitFor(
      step,
      linking.byAddress.get(address),
      (each) => each.operation === "deleteDeposed" ? each.objectId === objectId : isLive,
    );
  }
}

/** An old object that goes first goes under its dependents, but not before those that go too. */
function waitForDeletions(linking: Linking, step: DraftStep): void {
  for (const { address, objectId, isLive } of reliancesOn(linking, step)) {
    const operation = isLive ? "delete" : "deleteDeposed";
    waitFor(
      step,
      linking.byAddress.get(address),
      (each) => each.operation === operation && each.objectId === objectId,
    );
  }
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

function reliancesOn({ state, reliances }: Linking, { address, objectId }: DraftStep): readonly Reliance[] {
  const object = objectsOf(state.resources.get(address)).find((each) => each.id === objectId);
  const found = object === undefined ? undefined : reliances.get(relianceKey(address, object.incarnation));
  return found?.filter((each) => each.address !== address) ?? [];
}

function reliancesIn(state: EnvironmentView): Reliances {
  const reliances = new Map<string, Reliance[]>();
  for (const resource of state.resources.values()) {
    for (const object of objectsOf(resource)) {
      for (const each of object.dependencies) {
        const key = relianceKey(each.address, existing(state.resources.get(each.address), each.incarnation));
        const reliance = {
          address: resource.address,
          objectId: object.id,
          isLive: object === resource.object,
        };
        const known = reliances.get(key);
        if (known === undefined) reliances.set(key, [reliance]);
        else known.push(reliance);
      }
    }
  }
  return reliances;
}

/** The incarnation itself while its object is there; what relies on one that is gone counts as relying on what lives. */
function existing(target: ResourceState | undefined, incarnation: number): number {
  const isThere = objectsOf(target).some((each) => each.incarnation === incarnation);
  return isThere ? incarnation : target?.object?.incarnation ?? incarnation;
}

function objectsOf(state: ResourceState | undefined): readonly StoredObject[] {
  if (state === undefined) return [];
  const deposed = state.deposed.map((each) => each.object);
  return state.object === undefined ? deposed : [state.object, ...deposed];
}

function relianceKey(address: string, incarnation: number): string {
  return `${incarnation} ${address}`;
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
    const first = steps.find((step, index) => isOnlyUsual(step, steps[(index + 1) % steps.length])) ??
      youngest(steps, state);
    for (const id of cycle) first.after.delete(id);
  }
}

function isOnlyUsual(step: DraftStep, before: DraftStep | undefined): boolean {
  if (step.address !== before?.address) return false;
  if (before.operation === "deleteDeposed") return true;
  return step.operation === "deleteDeposed" && step.objectId !== before.objectId;
}

function youngest(steps: readonly DraftStep[], state: EnvironmentView): DraftStep {
  const deletions = steps.filter((step) => step.operation === "delete" || step.operation === "deleteDeposed");
  return (deletions.length > 0 ? deletions : steps).reduce((a, b) => age(state, b) > age(state, a) ? b : a);
}

function age(state: EnvironmentView, step: DraftStep): number {
  return state.resources.get(step.address)?.version ?? 0;
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
