import type { ResourceState } from "./resource_state.ts";

/** Addresses that what lives, what is deposed and what is being made under an address rely on. */
export function reliedOnBy(state: ResourceState): ReadonlySet<string> {
  const relied = new Set<string>();
  for (const each of state.object?.dependencies ?? []) relied.add(each.address);
  for (const old of state.deposed) for (const each of old.object.dependencies) relied.add(each.address);
  const started = state.intent?.started;
  if (started !== undefined && started.type !== "DeleteStarted") {
    for (const each of started.dependencies) relied.add(each.address);
  }
  return relied;
}
