import type { Refusal } from "../engine/admit.ts";
import type { CallFailure } from "../engine/call_failure.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { startDeadline } from "./call_deadline.ts";
import type { RunLog } from "./run_log.ts";
import type { ProvidedType, RunWorld } from "./run_world.ts";
import { supervise } from "./supervisor.ts";

/** Why calls may not go where they would. */
export type AccountProblem =
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | { readonly kind: "noAccount"; readonly provider: string; readonly failure: CallFailure };

/**
 * Asks each provider with a world which account it reaches, before anything is claimed, and refuses one that is not the
 * account bound to this environment.
 */
export async function findAccounts(
  world: RunWorld,
  types: ReadonlySet<string>,
): Promise<Result<ReadonlyMap<string, string>, AccountProblem>> {
  const accounts = new Map<string, string>();
  for (const type of types) {
    const provided = world.providers(type);
    if (provided?.schema.world === undefined || accounts.has(provided.provider.name)) continue;
    const { name } = provided.provider;
    const found = await askIdentity(world, provided);
    if (!found.ok) return err({ kind: "noAccount", provider: name, failure: found.error });
    const bound = world.journal.state.accounts.get(name);
    if (bound !== undefined && bound !== found.value) {
      return err({
        kind: "refused",
        refusal: { kind: "OtherAccount", provider: name, bound, found: found.value },
      });
    }
    accounts.set(name, found.value);
  }
  return ok(accounts);
}

/** Binds accounts that the log does not know yet. */
export async function bindAccounts(log: RunLog, accounts: ReadonlyMap<string, string>): Promise<void> {
  const events = [...accounts].filter(([provider]) => log.state.accounts.get(provider) === undefined)
    .map(([provider, account]) => ({ type: "AccountBound", provider, account }) as const);
  if (events.length > 0) await log.append(events);
}

async function askIdentity(
  world: RunWorld,
  { provider, schema }: ProvidedType,
): Promise<Result<string, CallFailure>> {
  const deadline = startDeadline(world.clock, schema.timeoutsMs.read, world.interrupts.stop);
  const answer = await supervise(
    { clock: world.clock, attemptCount: 3, certainty: "notDone" },
    () => Promise.race([provider.identity(deadline.signal), deadline.givenUp]),
  );
  deadline.end();
  if (!answer.ok) return answer;
  if (typeof answer.value !== "string") return answer.value;
  return err({
    kind: answer.value,
    retry: "safe",
    certainty: "notDone",
    message: "The provider gave no answer",
  });
}
