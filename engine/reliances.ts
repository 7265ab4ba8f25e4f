import type { EnvironmentView } from "./environment.ts";
import type { ResourceState, StoredObject } from "./resource_state.ts";

/** By address and incarnation: the objects that rely on that one. */
export type Reliances = ReadonlyMap<string, readonly Reliance[]>;

/** An object that relies on another. */
export interface Reliance {
  readonly address: string;
  readonly objectId: string;
  /** Whether it is the live object of its address, not a deposed one. */
  readonly isLive: boolean;
}

/** Who relies on which object, as the log knows it. */
export function reliancesIn(state: EnvironmentView): Reliances {
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

/** What relies on the object `objectId` of `address`, other objects of the same address apart. */
export function reliancesOn(
  reliances: Reliances,
  state: EnvironmentView,
  address: string,
  objectId: string | undefined,
): readonly Reliance[] {
  const object = objectsOf(state.resources.get(address)).find((each) => each.id === objectId);
  const found = object === undefined ? undefined : reliances.get(relianceKey(address, object.incarnation));
  return found?.filter((each) => each.address !== address) ?? [];
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
