import type { Refusal } from "../engine/admit.ts";
import type { CallFailure } from "../engine/call_failure.ts";
import type { EnvironmentView } from "../engine/environment.ts";
import type { RunOutcome } from "../engine/environment_event.ts";
import { isTouched, type Plan, type PlannedResource } from "../engine/plan.ts";
import { neededSecrets } from "../engine/needed_secrets.ts";
import { Schedule } from "../engine/run_logic.ts";
import { claimsOf, movedSince } from "../engine/run_logic_claims.ts";
import type { Step } from "../engine/steps.ts";
import { openNeeded } from "./open_needed.ts";
import { bindAccounts, findAccounts } from "./run_accounts.ts";
import { runSteps } from "./run_actor.ts";
import type { ClaimedRun } from "./run_claims.ts";
import { type FramedRun, frameRun, type RunWork } from "./run_frame.ts";
import type { StepContext } from "./run_step.ts";
import type { RunWorld } from "./run_world.ts";
import type { InputRule } from "./step_message.ts";
import { type StepOutcome, worseOutcome } from "./step_outcome.ts";
import { TokenBucket } from "./token_bucket.ts";

/** What a run is to do. */
export interface RunOrder {
  readonly plan: Plan;
  readonly steps: readonly Step[];
  /** What people called: `apply`, `destroy`. */
  readonly command: string;
  /** BLAKE3 of the plan's canonical form, in hex, for commands that have one. */
  readonly planDigest: string | undefined;
  /** A run of before that this one takes up. */
  readonly resumes: string | undefined;
  readonly inputRule: InputRule;
}

/** What came of it. */
export type RunResult =
  /** There was nothing to do, and nothing was appended. */
  | { readonly kind: "nothing" }
  /** The log did not let it start: with `ClaimTaken`, a live run holds what it would claim. */
  | { readonly kind: "refused"; readonly refusal: Refusal }
  /** A provider did not say which account it reaches. Nothing was appended. */
  | { readonly kind: "noAccount"; readonly provider: string; readonly failure: CallFailure }
  /** What the plan relies on has moved since it was made: no call was made. */
  | { readonly kind: "stale"; readonly run: string; readonly moved: readonly string[] }
  | ({
    readonly kind: "ended";
    /** By step id, in the order in which they ended. */
    readonly steps: ReadonlyMap<string, StepOutcome>;
    /** By address, the worst of its steps. */
    readonly resources: ReadonlyMap<string, StepOutcome>;
  } & Omit<FramedRun<unknown>, "result">);

type Brought =
  | { readonly kind: "stale"; readonly moved: readonly string[] }
  | { readonly kind: "steps"; readonly outcomes: ReadonlyMap<string, StepOutcome> };

/**
 * Carries out a plan: opens the secrets that its calls need, claims, checks that it still holds, takes its steps, ends. The one
 * way in which anything is changed.
 */
export async function executeRun(world: RunWorld, order: RunOrder): Promise<RunResult> {
  const { plan, steps } = order;
  if (steps.length === 0) return { kind: "nothing" };
  const accounts = await findAccounts(world, typesOf(plan, world.journal.state));
  if (!accounts.ok) return accounts.error;
  await openNeeded(world.vault, neededSecrets(plan.resources, steps, world.journal.state));
  const { planDigest, resumes, command } = order;
  const intention = {
    command,
    ...claimsOf(plan, world.journal.state),
    ...(planDigest === undefined ? {} : { plan: planDigest }),
    ...(resumes === undefined ? {} : { resumes }),
  };
  const framed = await frameRun(
    world,
    intention,
    (claimed) => carryOut(world, order, accounts.value, claimed),
  );
  if (!framed.ok) return { kind: "refused", refusal: framed.error };
  const { result, ...rest } = framed.value;
  return result.kind === "stale"
    ? { kind: "stale", run: rest.run, moved: result.moved }
    : { kind: "ended", ...rest, steps: result.outcomes, resources: byAddress(order.steps, result.outcomes) };
}

async function carryOut(
  world: RunWorld,
  { plan, steps, inputRule }: RunOrder,
  accounts: ReadonlyMap<string, string>,
  { log, claimedAt }: ClaimedRun,
): Promise<RunWork<Brought>> {
  const moved = movedSince(plan, log.state);
  if (moved.length > 0) return { outcome: "stale", result: { kind: "stale", moved } };
  await bindAccounts(log, accounts);
  world.observer({ type: "RunBegan", run: log.run, stepCount: steps.length });
  const context: StepContext = {
    world,
    log,
    planned: new Map(plan.resources.map((each): [string, PlannedResource] => [each.address, each])),
    accounts,
    buckets: new Map(
      [...world.limits.callsPerSecond].map(([name, rate]) => [name, new TokenBucket(world.clock, rate)]),
    ),
    resolving: { othersEnded: claimedAt },
    inputRule,
  };
  const outcomes = await runSteps(context, new Schedule(steps, plan.command));
  const wasInterrupted = world.interrupts.stop.aborted;
  return { outcome: runOutcome(outcomes, wasInterrupted), result: { kind: "steps", outcomes } };
}

function runOutcome(outcomes: ReadonlyMap<string, StepOutcome>, wasInterrupted: boolean): RunOutcome {
  let goodCount = 0;
  for (const outcome of outcomes.values()) if (outcome.kind === "succeeded") goodCount++;
  if (goodCount === outcomes.size) return "succeeded";
  if (wasInterrupted) return "interrupted";
  return goodCount === 0 ? "failed" : "partial";
}

function byAddress(
  steps: readonly Step[],
  outcomes: ReadonlyMap<string, StepOutcome>,
): ReadonlyMap<string, StepOutcome> {
  const resources = new Map<string, StepOutcome>();
  for (const { id, address } of steps) {
    const outcome = outcomes.get(id);
    if (outcome === undefined) continue;
    const known = resources.get(address);
    resources.set(address, known === undefined ? outcome : worseOutcome(known, outcome));
  }
  return resources;
}

function typesOf(plan: Plan, { resources }: EnvironmentView): ReadonlySet<string> {
  return new Set(
    plan.resources.filter(isTouched).flatMap(({ address, type }) => {
      const state = resources.get(address);
      // What is to go may be of another type than what the files want in its place.
      const stored = [state?.object, ...(state?.deposed ?? []).map((each) => each.object)];
      return [type, ...stored.flatMap((each) => each === undefined ? [] : [each.type])];
    }),
  );
}
