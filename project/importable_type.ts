import { type EnvironmentView, ownerKey } from "../engine/environment.ts";
import type { CallFailure } from "../engine/call_failure.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { Registry } from "../providers/registry.ts";
import { askAccount } from "./ask_account.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ReachedType } from "./unowned_objects.ts";

/** A type whose objects can be taken over, and the account that they are in. */
export interface ImportableType extends ReachedType {
  /** How ids of it look, in words. */
  readonly importId: string;
}

/** Looks a type up whose objects are to be taken over, and asks its provider which account it reaches. */
export async function importableType(
  registry: Registry,
  type: string,
  signal: AbortSignal,
): Promise<Result<ImportableType, ProjectFailure>> {
  const found = registry.lookUp(type);
  if (!found.ok) {
    const { message, hint } = found.error;
    return err(hint === undefined ? { kind: "NotFound", message } : { kind: "NotFound", message, hint });
  }
  const { schema, provider } = found.value;
  const { importId } = schema;
  if (importId === undefined || schema.world === undefined) {
    return err({
      kind: "PlanRefused",
      message: `Objects of ${type} cannot be taken over: smelt alone knows of them`,
    });
  }
  const account = await askAccount(provider, signal);
  if (!account.ok) {
    return err(callFailure(`Cannot tell which account "${provider.name}" reaches`, account.error));
  }
  return ok({ schema, provider, account: account.value, importId });
}

/** The addresses that hold an object. */
export function holdersOf(state: EnvironmentView, type: ImportableType, id: string): readonly string[] {
  return [...state.owners.get(ownerKey(type.schema.type, type.account, id)) ?? []];
}

/** A call to a provider that failed, as the failure of a command. */
export function callFailure(what: string, { message }: CallFailure): ProjectFailure {
  return { kind: "Provider", message: `${what}: ${message}` };
}
