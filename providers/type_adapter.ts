import type { CallFailure } from "../engine/call_failure.ts";
import { invariant } from "../engine/invariant.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ResourceSchema } from "../engine/schema.ts";
import type { ValueRecord } from "../engine/value.ts";
import { cancelledBefore } from "./failures.ts";
import type { PermissionNeed, Provider } from "./provider.ts";

/** One resource type of a provider: what the port asks, for requests of this type only. */
export interface TypeAdapter extends Pick<Provider, "read" | "create" | "update" | "delete" | "list"> {
  readonly schema: ResourceSchema;
  permissions(fields: ValueRecord): readonly PermissionNeed[];
  check(fields: ValueRecord): Promise<Result<void, CallFailure>>;
}

/**
 * Makes a provider of its types, each of which sees only its own requests and no call whose signal has gone off already.
 * `account` is its whole identity, for a world without accounts.
 */
export function providerOfTypes(name: string, account: string, types: readonly TypeAdapter[]): Provider {
  const adapters = new Map(types.map((each) => [each.schema.type, each]));
  const adapterOf = (type: string): TypeAdapter => {
    const adapter = adapters.get(type);
    invariant(adapter !== undefined, `Provider "${name}" has the type "${type}"`);
    return adapter;
  };
  const send = async <T>(
    signal: AbortSignal,
    call: () => Promise<Result<T, CallFailure>>,
  ): Promise<Result<T, CallFailure>> => signal.aborted ? err(cancelledBefore(signal)) : await call();
  return {
    name,
    schemas: types.map((each) => each.schema),
    identity: (signal) => send(signal, () => Promise.resolve(ok(account))),
    permissions: (type, fields) => adapterOf(type).permissions(fields),
    check: (type, fields) => adapterOf(type).check(fields),
    read: (request, signal) => send(signal, () => adapterOf(request.type).read(request, signal)),
    create: (request, signal) => send(signal, () => adapterOf(request.type).create(request, signal)),
    update: (request, signal) => send(signal, () => adapterOf(request.type).update(request, signal)),
    delete: (request, signal) => send(signal, () => adapterOf(request.type).delete(request, signal)),
    list: (request, signal) => send(signal, () => adapterOf(request.type).list(request, signal)),
  };
}
