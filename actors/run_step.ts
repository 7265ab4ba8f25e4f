import type { Refusal } from "../engine/admit.ts";
import type { CallFailure } from "../engine/call_failure.ts";
import { invariant } from "../engine/invariant.ts";
import type { PlannedResource } from "../engine/plan.ts";
import type { ResourceMessage } from "../engine/resource_logic_message.ts";
import { err, type Result } from "../engine/result.ts";
import type { Step } from "../engine/steps.ts";
import type { Vault } from "../trust/vault_port.ts";
import { ResourceActor, type ResourceWatch } from "./resource_actor.ts";
import type { ResolveContext } from "./resolve_intent.ts";
import type { RunLog } from "./run_log.ts";
import type { RunWorld } from "./run_world.ts";
import { type InputRule, stepMessage } from "./step_message.ts";
import { sealedFacts } from "./sealed_facts.ts";
import { type StepFailure, type StepOutcome, TAKEN_OVER } from "./step_outcome.ts";
import { supervise } from "./supervisor.ts";
import type { TokenBucket } from "./token_bucket.ts";

/** How often an intent that came too late to be sent is made anew. */
const INTENT_ATTEMPTS = 3;

const RECORDED: StepOutcome = { kind: "succeeded", by: "recorded" };

/** What the steps of a run share. */
export interface StepContext {
  readonly world: RunWorld;
  readonly log: RunLog;
  readonly planned: ReadonlyMap<string, PlannedResource>;
  /** Accounts that calls go to, by provider. */
  readonly accounts: ReadonlyMap<string, string>;
  /** By provider, for those that are bounded. */
  readonly buckets: ReadonlyMap<string, TokenBucket>;
  readonly resolving: ResolveContext;
  readonly inputRule: InputRule;
}

/**
 * Takes one step of a run, from what the log says now to an outcome that the log holds. What an earlier run left open is
 * settled first. Rejects only when the log takes no more, and for bugs.
 */
export async function runStep(context: StepContext, step: Step, watch: ResourceWatch): Promise<StepOutcome> {
  const planned = context.planned.get(step.address);
  invariant(planned !== undefined, `The plan holds the step "${step.id}"`);
  const { world, log, resolving, buckets } = context;
  const actor = new ResourceActor(step.address, { world, log, resolving, watch, buckets });
  if (actor.state.intent !== undefined) {
    await actor.recover();
    if (actor.state.intent !== undefined) return inDoubt(actor);
  }
  const drifted = await recordDrift(world.vault, actor, planned);
  if (drifted !== undefined) return drifted;
  const outcome = await carryOut({ context, step, planned, actor });
  return outcome.kind === "succeeded" ? await recordProtection(outcome, step, planned, actor) : outcome;
}

interface StepWork {
  readonly context: StepContext;
  readonly step: Step;
  readonly planned: PlannedResource;
  readonly actor: ResourceActor;
}

async function carryOut(work: StepWork): Promise<StepOutcome> {
  const { actor, context } = work;
  for (let attempt = 1;; attempt++) {
    const message = await prepare(work);
    if (!message.ok) return { kind: "failed", failure: message.error };
    if (message.value === undefined) return RECORDED;
    const answer = await actor.send(message.value);
    if (!answer.ok) return refused(answer.error);
    const last = actor.replies.at(-1);
    const wasLate = last?.type === "NotSent" && last.failure.retry === "safe";
    const mayGoOn = context.log.health === "live" && !context.world.interrupts.stop.aborted;
    if (!wasLate || !mayGoOn || attempt === INTENT_ATTEMPTS) return outcomeOf(actor, message.value);
  }
}

/** Does all that takes time before the intent, the wait for a permit included, so that the call can follow it at once. */
async function prepare(
  { context, step, planned, actor }: StepWork,
): Promise<Result<ResourceMessage | undefined, StepFailure>> {
  const { world, log, accounts, buckets, inputRule } = context;
  const bucket = buckets.get(providerOf(planned));
  const made = await supervise({ clock: world.clock, attemptCount: 1, certainty: "notDone" }, async () => {
    if (bucket !== undefined) await bucket.take(world.interrupts.stop);
    return await stepMessage({ world, log, accounts, inputRule, step, planned, state: actor.state });
  });
  return made.ok ? made.value : err({ kind: "Call", failure: made.error });
}

function providerOf(planned: PlannedResource): string {
  return planned.type.split(".", 1)[0] ?? "";
}

/** What a read found is recorded before anything is decided on it. */
async function recordDrift(
  vault: Vault,
  actor: ResourceActor,
  { drift, version }: PlannedResource,
): Promise<StepOutcome | undefined> {
  const { state } = actor;
  if (drift === undefined || state.object?.id !== drift.id || state.version !== version) return undefined;
  const answer = await actor.send({
    type: "Observe",
    id: drift.id,
    found: drift.found === null ? null : await sealedFacts(vault, drift.found),
  });
  return answer.ok ? undefined : refused(answer.error);
}

/** What the files say of protection outlives them: it is recorded once the resource is as they want it. */
async function recordProtection(
  outcome: StepOutcome,
  step: Step,
  { wanted }: PlannedResource,
  actor: ResourceActor,
): Promise<StepOutcome> {
  const { isProtected, isProtectedByHand } = actor.state;
  const isAsWanted = wanted === undefined || wanted.isProtected === isProtected || isProtectedByHand;
  if (isAsWanted || NOT_AS_WANTED.includes(step.operation)) return outcome;
  const answer = await actor.send({ type: wanted.isProtected ? "Protect" : "Unprotect" });
  return answer.ok ? outcome : refused(answer.error);
}

/** After these a resource is not yet what the files say. */
const NOT_AS_WANTED: readonly Step["operation"][] = ["delete", "deleteDeposed", "forgetDeposed"];

function outcomeOf(actor: ResourceActor, message: ResourceMessage): StepOutcome {
  if (actor.state.intent !== undefined) return inDoubt(actor);
  const last = actor.replies.at(-1);
  if (!("intent" in message) || last === undefined) return RECORDED;
  if (last.type === "Resolved" && last.outcome === "done") return { kind: "succeeded", by: "resolution" };
  const failure = last.type === "Resolved" ? actor.replies.flatMap(failureOf).at(-1) : failureOf(last).at(0);
  return failure === undefined
    ? { kind: "succeeded", by: "call" }
    : { kind: "failed", failure: { kind: "Call", failure } };
}

function failureOf(reply: ResourceActor["replies"][number]): readonly CallFailure[] {
  switch (reply.type) {
    case "CreateReplied":
    case "UpdateReplied":
    case "DeleteReplied":
      return reply.result.ok ? [] : [reply.result.error];
    case "NotSent":
    case "Unsettled":
      return [reply.failure];
    case "Accepted":
    case "Progressed":
    case "Resolved":
      return [];
  }
}

function inDoubt(actor: ResourceActor): StepOutcome {
  const failure = actor.state.intent?.doubt ?? actor.replies.flatMap(failureOf).at(-1) ?? TAKEN_OVER;
  return { kind: "inDoubt", failure };
}

function refused(refusal: Refusal): StepOutcome {
  return { kind: "failed", failure: { kind: "Refused", refusal } };
}
