import type { EnvironmentView } from "../engine/environment.ts";
import type { Provider } from "../providers/provider.ts";
import type { Registry } from "../providers/registry.ts";
import { askAccount } from "./ask_account.ts";
import type { ProjectFailure } from "./failure.ts";
import { refusalFailure } from "./refusal_failure.ts";

/**
 * Why stored objects are not looked up: the credentials reach another account than the one that the log binds a provider to, where
 * each would seem gone. A provider that does not say which account it reaches is told of by the reads themselves.
 */
export async function otherAccountFailure(
  { state, registry }: { readonly state: EnvironmentView; readonly registry: Registry },
  signal: AbortSignal,
): Promise<ProjectFailure | undefined> {
  for (const provider of providersOf(state, registry)) {
    const bound = state.accounts.get(provider.name);
    if (bound === undefined) continue;
    const reached = await askAccount(provider, signal);
    if (!reached.ok || reached.value === bound) continue;
    return refusalFailure({ kind: "OtherAccount", provider: provider.name, bound, found: reached.value });
  }
  return undefined;
}

/** The providers with a world of what the log holds. */
function providersOf(state: EnvironmentView, registry: Registry): ReadonlySet<Provider> {
  const types = new Set<string>();
  for (const { object } of state.resources.values()) if (object !== undefined) types.add(object.type);
  const providers = new Set<Provider>();
  for (const type of types) {
    const found = registry.lookUp(type);
    if (found.ok && found.value.schema.world !== undefined) providers.add(found.value.provider);
  }
  return providers;
}
