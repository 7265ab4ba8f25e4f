import { type EnvironmentView, ownerKey } from "../engine/environment.ts";
import type { CallFailure } from "../engine/call_failure.ts";
import { ok, type Result } from "../engine/result.ts";
import { compareText } from "../engine/text_order.ts";
import type { ListedObject, ListRequest } from "../providers/provider.ts";
import type { RegisteredType } from "../providers/registry.ts";

/** A list of a whole account may take longer than one read. */
const LIST_MS = 60_000;

/** A type, and the account that its provider reaches. */
export interface ReachedType extends Pick<RegisteredType, "schema" | "provider"> {
  readonly account: string;
}

/** What a provider lists, without what an address owns. */
export interface UnownedObjects {
  /** By id. */
  readonly unowned: readonly ListedObject[];
  readonly ownedCount: number;
}

/** Of all objects of a type, or of those that bear what `by` says, the ones that no address owns. */
export async function listUnowned(
  { state, signal }: { readonly state: EnvironmentView; readonly signal: AbortSignal },
  { provider, schema, account }: ReachedType,
  by: Omit<ListRequest, "type">,
): Promise<Result<UnownedObjects, CallFailure>> {
  const timeout = AbortSignal.any([signal, AbortSignal.timeout(LIST_MS)]);
  const listed = await provider.list({ type: schema.type, ...by }, timeout);
  if (!listed.ok) return listed;
  const isOwned = (id: string) => (state.owners.get(ownerKey(schema.type, account, id))?.size ?? 0) > 0;
  const unowned = listed.value.filter(({ id }) => !isOwned(id))
    .toSorted((one, other) => compareText(one.id, other.id));
  return ok({ unowned, ownedCount: listed.value.length - unowned.length });
}
