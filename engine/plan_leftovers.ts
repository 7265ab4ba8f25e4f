import type { PlannedResource } from "./plan.ts";
import type { ResourceState, StoredObject } from "./resource_state.ts";
import type { Wanted } from "./wanted.ts";

/**
 * What becomes of the objects that were replaced by runs of before and are still there: they are deleted, or let go of where
 * the resource is retained. Protection covers them too: nothing is done then.
 */
export function leftoversOf(
  state: ResourceState,
  wanted: Wanted | undefined,
): Pick<PlannedResource, "deposed" | "retained"> {
  if (state.isProtected || wanted?.isProtected === true || state.deposed.length === 0) return NO_LEFTOVERS;
  const old = state.deposed.map((each) => each.object);
  const idsOf = (objects: readonly StoredObject[]) => objects.map((each) => each.id);
  return {
    deposed: idsOf(old.filter((each) => !isRetained(state, each, wanted))),
    retained: idsOf(old.filter((each) => isRetained(state, each, wanted))),
  };
}

/** For what nothing is done to. */
export const NO_LEFTOVERS: Pick<PlannedResource, "deposed" | "retained"> = { deposed: [], retained: [] };

/**
 * Whether an old object must not be deleted: the files say so now, or said so of it or of what took its place. Who wants it
 * deleted takes the annotation out and applies that first.
 */
export function isRetained(state: ResourceState, object: StoredObject, wanted: Wanted | undefined): boolean {
  return [wanted?.description, object.description, state.object?.description].some((each) =>
    each?.retained === true
  );
}

/** Protection covers what was replaced, too. */
export function protectedReasons(state: ResourceState): readonly string[] {
  return state.deposed.map(({ object }) => `its old object "${object.id}" stays while it is protected`);
}

/** What the plan says of old objects that are let go of. */
export function retainedReasons(ids: readonly string[]): readonly string[] {
  return ids.map((id) => `its old object "${id}" is kept: retain`);
}
