/**
 * Sends what an intent says, and brings back what the provider answers.
 *
 *   C1. Nothing is sent later than `START_WINDOW_MS` after the first sending of the intent, nor by a run that is not held.
 *   C2. Secrets are opened here and nowhere else, and sealed before anything of the answer leaves.
 *   C3. The same request goes out again only as `retryAfter` allows, under the same token, within the deadline, and with a
 *       permit of its provider.
 *   C4. An answer that comes after the call was given up is still told: outcomes are facts.
 */
import type { CallFailure } from "../engine/call_failure.ts";
import { invariant } from "../engine/invariant.ts";
import type { ResourceEffect } from "../engine/resource_logic.ts";
import { failureOfAttempts, isTokenAlive, retryAfter } from "../engine/resource_logic_retry.ts";
import type { ResourceReply } from "../engine/resource_logic_message.ts";
import { START_WINDOW_MS } from "../engine/resolve.ts";
import { heldObject, type ResourceState, type StoredObject } from "../engine/resource_state.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { decodeRecord } from "../engine/value_codec.ts";
import type { LiveObject } from "../providers/provider.ts";
import { type CallDeadline, startDeadline } from "./call_deadline.ts";
import type { RunLog } from "./run_log.ts";
import type { ProvidedType, RunWorld } from "./run_world.ts";
import { type OpenedInputs, openInputs, openKeptInputs, scrubFailure, sealFacts } from "./sealed_facts.ts";
import { supervise } from "./supervisor.ts";
import { longestSince, type TimeStamp } from "./time_stamp.ts";

/** An effect that calls a provider. */
export type CallEffect = Exclude<ResourceEffect, { readonly type: "Resolve" }>;

/** One intent, on its way to a provider. */
export interface ProviderCall {
  readonly effect: CallEffect;
  /** The state that the effect was found pending in. */
  readonly state: ResourceState;
  readonly provided: ProvidedType;
  /** When the intent was first sent to the log. */
  readonly intentSent: TimeStamp;
  /** Tells the resource what is known before the end, and what comes after it. */
  tell(reply: ResourceReply): void;
  /** Waits until the provider may get another call; rejects when `signal` aborts first. */
  permit(signal: AbortSignal): Promise<void>;
  /** Tells the observer that an attempt failed and another follows. */
  retrying(failure: CallFailure, afterMs: number): void;
}

type Answer = Result<LiveObject | void, CallFailure>;

/** Sends the intent. The reply says what became of it. */
export async function callProvider(world: RunWorld, log: RunLog, call: ProviderCall): Promise<ResourceReply> {
  const opened = await openForCall(world, call);
  if (!opened.ok) return notSent(call, opened.error.message);
  const late = whyLate(world, log, call);
  if (late !== undefined) return notSent(call, late);
  const { started } = call.effect;
  const leftMs = started.deadlineMs - longestSince(world.clock, call.intentSent);
  const deadline = startDeadline(world.clock, leftMs, world.interrupts.leave);
  const answer = attempt(world, log, call, opened.value, deadline);
  const first = await Promise.race([answer, deadline.givenUp]);
  deadline.end();
  if (typeof first !== "string") return first;
  // The adapter may still answer; what it says then is told, and never lost by not waiting.
  answer.then(call.tell, () => undefined);
  return failedReply(call, givenUp(first));
}

interface Opened extends OpenedInputs {
  readonly object: StoredObject | undefined;
}

async function openForCall(world: RunWorld, call: ProviderCall): Promise<Result<Opened, CallFailure>> {
  const { started } = call.effect;
  const object = objectOf(call);
  const { vault } = world;
  const opened = await supervise(
    { clock: world.clock, attemptCount: 3, certainty: "notDone" },
    () =>
      started.type === "DeleteStarted"
        ? openKeptInputs(vault, object?.inputs ?? {})
        : openInputs(vault, started.inputs),
  );
  return opened.ok ? ok({ ...opened.value, object }) : opened;
}

function objectOf({ effect, state }: ProviderCall): StoredObject | undefined {
  if (effect.type === "CallCreate") return undefined;
  return heldObject(state, effect.started.id);
}

/** Why the call may not be sent any more; `undefined` when it may. */
function whyLate(world: RunWorld, log: RunLog, call: ProviderCall): string | undefined {
  if (world.interrupts.leave.aborted) return "the run was interrupted";
  if (log.health === "lost") return "the run is over for others, or may be";
  if (log.health === "broken") return "the log takes no more records";
  const elapsedMs = longestSince(world.clock, call.intentSent);
  return elapsedMs > START_WINDOW_MS ? `${elapsedMs} ms have passed since the intent was made` : undefined;
}

function notSent(call: ProviderCall, why: string): ResourceReply {
  const { token } = call.effect.started;
  const message = `The call was not sent: ${why}`;
  return {
    type: "NotSent",
    token,
    failure: { kind: "Cancelled", retry: "safe", certainty: "notDone", message },
  };
}

function givenUp(kind: "Timeout" | "Cancelled"): CallFailure {
  const message = kind === "Timeout"
    ? "The call took longer than it may, and gave no answer"
    : "The run was interrupted before the call was answered";
  return { kind, retry: "never", certainty: "unknown", message };
}

/** Sends, and sends again while that is allowed. */
async function attempt(
  world: RunWorld,
  log: RunLog,
  call: ProviderCall,
  opened: Opened,
  deadline: CallDeadline,
): Promise<ResourceReply> {
  const failures: CallFailure[] = [];
  for (;;) {
    const answer = await send(world, call, opened, deadline.signal);
    if (answer.ok) return await succeeded(world, call, opened, answer.value);
    const failure = scrubFailure(answer.error, opened.secrets);
    const waitMs = retryAfter({
      failure,
      attemptCount: failures.length + 1,
      elapsedMs: longestSince(world.clock, call.intentSent),
      deadlineMs: call.effect.started.deadlineMs,
      world: call.provided.schema.world,
      jitter: (world.random.bytes(1)[0] ?? 0) / 256,
    });
    const outcome = failureOfAttempts(failures, failure);
    if (waitMs === undefined || deadline.signal.aborted) return failedReply(call, outcome);
    failures.push(failure);
    call.retrying(failure, waitMs);
    const isPermitted = await waitForNext(world, call, waitMs, deadline.signal);
    // The machine may have slept meanwhile: then the timer of the deadline comes late too.
    const sentMs = longestSince(world.clock, call.intentSent);
    const mayGoOut = isPermitted && log.health === "live" && sentMs < call.effect.started.deadlineMs &&
      isTokenAlive(failure, call.provided.schema.world, sentMs);
    if (!mayGoOut) return failedReply(call, outcome);
  }
}

/** Whether the whole wait passed, and the provider may get another call. */
async function waitForNext(
  world: RunWorld,
  call: ProviderCall,
  ms: number,
  signal: AbortSignal,
): Promise<boolean> {
  const waited = world.clock.sleep(ms, signal).then(() => call.permit(signal));
  return await waited.then(() => true, () => false);
}

async function send(
  world: RunWorld,
  call: ProviderCall,
  { fields, object }: Opened,
  signal: AbortSignal,
): Promise<Answer> {
  const { provider, schema } = call.provided;
  const { type } = schema;
  const { effect } = call;
  const { token } = effect.started;
  const progressed = (step: string, facts: Readonly<Record<string, string>>) =>
    call.tell({ type: "Progressed", token, step, facts });
  const work = (): Promise<Answer> => {
    switch (effect.type) {
      case "CallCreate": {
        const accepted = (id: string) => call.tell({ type: "Accepted", token, id });
        return provider.create({ type, fields, token, accepted, progressed }, signal);
      }
      case "CallUpdate": {
        const { id, precondition } = effect.started;
        const before = object === undefined ? fields : decodeRecord(object.fields);
        const request = { type, id, before, after: fields, token, progressed };
        return provider.update({ ...request, ...given(precondition) }, signal);
      }
      case "CallDelete": {
        const { id, precondition } = effect.started;
        return provider.delete({ type, id, applied: fields, token, ...given(precondition) }, signal);
      }
    }
  };
  const answer = await supervise({ clock: world.clock, attemptCount: 1, certainty: "unknown" }, work);
  return answer.ok ? answer.value : answer;
}

function given(precondition: string | undefined): { readonly precondition?: string } {
  return precondition === undefined ? {} : { precondition };
}

/** What was made is told even when its secrets cannot be kept: the intent then stays open, in doubt. */
async function succeeded(
  world: RunWorld,
  call: ProviderCall,
  opened: Opened,
  live: LiveObject | void,
): Promise<ResourceReply> {
  const { effect } = call;
  const { token } = effect.started;
  if (effect.type === "CallDelete") return { type: "DeleteReplied", token, result: ok(undefined) };
  invariant(live !== undefined, "A provider that makes or changes an object tells what lives");
  const sent = { inputs: effect.started.inputs, secrets: opened.secrets, before: opened.object };
  const facts = await supervise(
    { clock: world.clock, attemptCount: 3, certainty: "done" },
    () => sealFacts(world.vault, call.provided.schema, { precondition: undefined, ...live }, sent),
  );
  if (facts.ok) {
    return { type: effect.type === "CallCreate" ? "CreateReplied" : "UpdateReplied", token, result: facts };
  }
  if (effect.type === "CallCreate") call.tell({ type: "Accepted", token, id: live.id });
  return failedReply(call, scrubFailure(facts.error, opened.secrets));
}

function failedReply({ effect }: ProviderCall, failure: CallFailure): ResourceReply {
  const { token } = effect.started;
  return { type: REPLY_TYPES[effect.type], token, result: err(failure) };
}

const REPLY_TYPES = {
  CallCreate: "CreateReplied",
  CallUpdate: "UpdateReplied",
  CallDelete: "DeleteReplied",
} as const;
