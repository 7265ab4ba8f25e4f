import { frameRun, type RunWork } from "../actors/run_frame.ts";
import type { Refusal } from "../engine/admit.ts";
import type { EnvironmentEvent } from "../engine/environment_event.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { runWorld, tellingRepairs } from "./apply_project.ts";
import type { HandListener, HandRequest, HandResult, HandSummary } from "./change_by_hand.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { type ReadEnvironment, withEnvironment } from "./read_environment.ts";
import { refusalFailure } from "./refusal_failure.ts";
import { refusalText } from "./refusal_text.ts";
import { checkSaid } from "./said_secret.ts";

/** What an admin is to say about keys or the policy. */
export interface TrustChange extends HandSummary {
  readonly events: readonly EnvironmentEvent[];
}

/** A change, or why there is none to make. */
export type TrustDecision = Result<TrustChange | { readonly unchanged: string }, ProjectFailure>;

/**
 * Says something about keys or the policy of an environment, in a run that claims nothing: it can be said while others work,
 * and takes the role `admin`.
 */
export async function changeTrust(
  ports: ProjectPorts,
  request: HandRequest,
  listener: HandListener,
  decide: (opened: ReadEnvironment) => TrustDecision | Promise<TrustDecision>,
): Promise<Result<HandResult, ProjectFailure>> {
  const { environment } = request;
  return await withEnvironment(
    ports,
    {
      environment,
      purpose: "write",
      role: "admin",
      // Whoever sets a policy, or takes a stolen key away, must not be kept from it by a file.
      policy: "lowered",
      tell: (notice) => listener.noticed(notice),
    },
    (opened) =>
      tellingRepairs(opened, listener, async (): Promise<Result<HandResult, ProjectFailure>> => {
        const decided = await decide(opened);
        if (!decided.ok) return decided;
        const change = decided.value;
        if ("unchanged" in change) return ok({ kind: "unchanged", summary: change.unchanged });
        const { name, isProtected } = opened;
        if (!await listener.approve(change, { name, isProtected })) return ok({ kind: "declined" });
        const run = await appendTrust(ports, opened, { ...request, listener }, change.events);
        return run.ok ? ok({ kind: "changed", change, run: run.value }) : run;
      }),
  );
}

/** Appends events in a run of their own. Gives the name of the run. */
export async function appendTrust(
  ports: ProjectPorts,
  opened: ReadEnvironment,
  { command, why, listener }: Pick<HandRequest, "command" | "why"> & {
    readonly listener: Pick<HandListener, "progress" | "interrupts">;
  },
  events: readonly EnvironmentEvent[],
): Promise<Result<string, ProjectFailure>> {
  const said = await checkSaid(opened.environment, ports.secrets, { events, why });
  if (!said.ok) return said;
  const world = runWorld(ports, opened, { parallelism: 1, why }, listener);
  const framed = await frameRun(world, { command, writes: [], reads: [] }, async ({ log }) => {
    const answer = await log.append(events);
    return {
      outcome: answer.ok ? "succeeded" : "failed",
      result: answer.ok ? undefined : answer.error,
    } satisfies RunWork<Refusal | undefined>;
  });
  if (!framed.ok) return err(refusalFailure(framed.error));
  const { result, run } = framed.value;
  if (result === undefined) return ok(run);
  return err({ kind: "Store", message: `Nothing was changed: ${refusalText(result)}` });
}
