import { ownerKey } from "./environment.ts";
import { reliedOnBy } from "./relied_on.ts";
import { isSettledAbsent, type ResourceState, type StoredObject } from "./resource_state.ts";

/** The keys, as `ownerKey` makes them, of all objects that an address holds. */
export function ownedKeys(state: ResourceState): ReadonlySet<string> {
  const keys = new Set<string>();
  if (state.object !== undefined) keys.add(keyOf(state.object));
  for (const { object } of state.deposed) keys.add(keyOf(object));
  return keys;
}

function keyOf({ type, account, id }: StoredObject): string {
  return ownerKey(type, account, id);
}

/** The addresses that a state relies on; none once nothing is left of it. */
export function reliances(state: ResourceState): ReadonlySet<string> {
  return isSettledAbsent(state) ? new Set() : reliedOnBy(state);
}

/** Which addresses hold an object: what `owners` of an environment is, told by its resources alone. */
export function ownersIn(resources: Iterable<ResourceState>): Map<string, string[]> {
  return indexBy(resources, ownedKeys);
}

/** Which addresses rely on an address: what `dependents` of an environment is, told by its resources alone. */
export function dependentsIn(resources: Iterable<ResourceState>): Map<string, string[]> {
  return indexBy(resources, reliances);
}

function indexBy(
  resources: Iterable<ResourceState>,
  keysOf: (state: ResourceState) => ReadonlySet<string>,
): Map<string, string[]> {
  const index = new Map<string, string[]>();
  for (const state of resources) {
    for (const key of keysOf(state)) {
      const members = index.get(key);
      if (members === undefined) index.set(key, [state.address]);
      else members.push(state.address);
    }
  }
  return index;
}
