import { decodeRecord } from "../engine/value_codec.ts";
import type { DesiredConfig } from "../engine/resource_config.ts";
import type { ResourceState } from "../engine/resource_state.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { SecretRegister } from "../engine/secret_register.ts";
import { openRecord } from "../trust/taint.ts";
import type { Vault } from "../trust/vault_port.ts";
import type { ProjectFailure } from "./failure.ts";

/**
 * Refuses what people have said of resources where a secret stands in it: the log keeps it word for word and for ever, and it is
 * theirs to say otherwise.
 */
export function checkIntents(secrets: SecretRegister, desired: DesiredConfig): Result<void, ProjectFailure> {
  for (const { address, annotations, origin } of desired.resources) {
    for (const name of ["intent", "owner"] as const) {
      const text = annotations[name];
      if (text === undefined || !secrets.isIn(text)) continue;
      const place = `${origin.file}:${origin.line}`;
      return err({ ...refused(`the ${name} of "${address}" (${place})`), resource: address });
    }
  }
  return ok(undefined);
}

/** Refuses a `--why` in which a secret stands. */
export function checkWhy(secrets: SecretRegister, why: string | undefined): Result<void, ProjectFailure> {
  return why !== undefined && secrets.isIn(why) ? err(refused("--why")) : ok(undefined);
}

/** Knows the secrets that the log holds of a resource, where nothing else of a command would open them. */
export async function noteStored(vault: Vault, { object }: Pick<ResourceState, "object">): Promise<void> {
  for (const values of object === undefined ? [] : [object.inputs, object.fields, object.outputs]) {
    await openRecord(vault, decodeRecord(values));
  }
}

function refused(what: string): ProjectFailure {
  return {
    kind: "Sensitive",
    message: `Cannot keep ${what} in the log: it holds the text of a secret`,
    hint: "The log is signed and never forgets: say it without the secret",
  };
}
