import type { EnvironmentView } from "./environment.ts";
import { isTouched, type Plan, type PlannedResource } from "./plan.ts";
import { compareText } from "./text_order.ts";

/** What a run holds while it lives. */
export interface Claims {
  /** Addresses that it may change, in code-point order. */
  readonly writes: readonly string[];
  /** Addresses that it relies on, and does not change. */
  readonly reads: readonly string[];
}

/** Works out what a run of `plan` must claim: what it changes, and what that relies on. The rest is not claimed. */
export function claimsOf(plan: Plan, state: EnvironmentView): Claims {
  const writes = new Set<string>();
  const reads = new Set<string>();
  for (const planned of plan.resources) {
    if (!isTouched(planned)) continue;
    writes.add(planned.address);
    const from = heldAddress(planned);
    writes.add(from);
    for (const address of planned.wanted?.dependencies ?? []) reads.add(address);
    for (const each of state.resources.get(from)?.object?.dependencies ?? []) {
      reads.add(each.address);
    }
  }
  for (const address of writes) reads.delete(address);
  return { writes: [...writes].sort(compareText), reads: [...reads].sort(compareText) };
}

/**
 * Addresses of the read-set of `plan` that have moved since it was made, and those that have come to rely on what it deletes
 * or replaces. A run looks right after its claims are durable: from then on nothing that it relies on can move.
 */
export function movedSince(plan: Plan, state: EnvironmentView): readonly string[] {
  const moved = new Set<string>();
  for (const [address, version] of plan.readSet) {
    if ((state.resources.get(address)?.version ?? 0) !== version) moved.add(address);
  }
  const going = plan.resources.filter(({ action, goesFirst }) =>
    action === "delete" || action === "replace" || goesFirst.length > 0
  );
  if (going.length === 0) return [...moved].sort(compareText);
  // The plan speaks of addresses as they are after its moves, the state of those before.
  const heldBy = new Map(plan.resources.map((each) => [each.address, heldAddress(each)] as const));
  for (const planned of going) {
    const known = new Set(planned.dependents.map((each) => heldBy.get(each) ?? each));
    const held = heldAddress(planned);
    for (const dependent of state.dependents.get(held) ?? []) {
      if (dependent !== planned.address && !known.has(dependent)) moved.add(dependent);
    }
  }
  return [...moved].sort(compareText);
}

/** The address that holds what the plan is about until its moves are made. */
function heldAddress({ address, arrival }: PlannedResource): string {
  return arrival?.kind === "moved" ? arrival.from : address;
}
