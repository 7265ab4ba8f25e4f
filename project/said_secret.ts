import type { Event } from "../engine/event.ts";
import { saidSecret } from "../engine/scrub_event.ts";
import type { DesiredConfig } from "../engine/resource_config.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { SecretRegister } from "../engine/secret_register.ts";
import type { ProjectFailure } from "./failure.ts";
import type { OpenEnvironment } from "./project_ports.ts";

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

/** Refuses a `--why` in which a secret stands, one of the files or one that the log holds. */
export async function checkWhy(
  environment: Pick<OpenEnvironment, "noteSecrets" | "vault">,
  why: string | undefined,
): Promise<Result<void, ProjectFailure>> {
  if (why === undefined) return ok(undefined);
  await environment.noteSecrets();
  return environment.vault.carries(why) ? err(refused("--why")) : ok(undefined);
}

/** The same for all that people have said in events. */
export async function checkSaid(
  environment: Pick<OpenEnvironment, "noteSecrets" | "vault">,
  secrets: SecretRegister,
  { events, why }: { readonly events: readonly Event[]; readonly why: string | undefined },
): Promise<Result<void, ProjectFailure>> {
  const checked = await checkWhy(environment, why);
  if (!checked.ok) return checked;
  await environment.noteSecrets();
  const said = events.map((event) => saidSecret(secrets, event)).find((each) => each !== undefined);
  return said === undefined ? ok(undefined) : err(refused(said));
}

function refused(what: string): ProjectFailure {
  return {
    kind: "Sensitive",
    message: `Cannot keep ${what} in the log: it holds the text of a secret`,
    hint: "The log is signed and never forgets: say it without the secret",
  };
}
