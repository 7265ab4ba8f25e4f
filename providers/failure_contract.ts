import { deepStrictEqual, ok } from "node:assert/strict";
import type { CallFailure } from "../engine/call_failure.ts";
import type { Result } from "../engine/result.ts";
import {
  type ContractCheck,
  type ContractSubject,
  isFound,
  testChecks,
  type Trial,
  uniqueNameOf,
} from "./contract_subject.ts";
import type { LiveObject } from "./provider.ts";
import { failureOf, quiet, tokenOf, valueOf } from "./test_calls.ts";

/**
 * The suite that fails every call: never a throw, always a failure that says whether the world changed.
 *   F1. Under a signal that has gone off already nothing is done, and each call says so.
 *   F2. A signal that goes off in mid-call ends it as a success, or as a failure that is true of the world.
 *   F3. An object that never was cannot be changed, and is deleted with success.
 *   F4. A precondition that no longer holds stops update and delete, and leaves the object as it was.
 */
export const FAILURE_CHECKS: readonly ContractCheck[] = [
  { name: "F1 Timeout before each call of a TYPE", run: (trial) => checkGoneOff(trial, "Timeout") },
  { name: "F1 Cancelled before each call of a TYPE", run: (trial) => checkGoneOff(trial, "Cancelled") },
  { name: "F2 a signal in mid-call of a TYPE", run: checkGoingOff },
  { name: "F3 update and delete of a TYPE that never was", run: checkNeverWas },
  { name: "F4 a precondition that a TYPE no longer meets", run: checkStale },
];

/** Registers the suite for a provider. */
export function testProviderFailures(name: string, subject: ContractSubject): void {
  testChecks(name, subject, FAILURE_CHECKS);
}

async function checkGoneOff(trial: Trial, reason: "Timeout" | "Cancelled"): Promise<void> {
  const made = valueOf(await create(trial, quiet()));
  for (const result of await allCalls(trial, made, goneOff(reason))) {
    const failure = failureOf(result);
    deepStrictEqual([failure.kind, failure.certainty], [reason, "notDone"]);
  }
  if (isFound(trial.schema)) deepStrictEqual(await readBack(trial, made), made);
}

async function checkGoingOff(trial: Trial): Promise<void> {
  for (const turns of [0, 1, 2, 5, 10, 20]) {
    const result = await create(trial, goingOff(turns), tokenOf(100 + turns));
    await checkEnding(trial, result);
  }
}

async function checkNeverWas(trial: Trial): Promise<void> {
  if (!isFound(trial.schema)) return;
  const { type, fields, changed } = trial;
  const id = "no-such-object";
  const request = { type, id, before: fields, after: changed, token: tokenOf(7) };
  const failure = failureOf(await trial.provider.update(request, quiet()));
  deepStrictEqual(failure.certainty, "notDone");
  if (trial.hasUpdate) deepStrictEqual(failure.kind, "NotFound");
  valueOf(await trial.provider.delete({ type, id, applied: fields, token: tokenOf(8) }, quiet()));
}

async function checkStale(trial: Trial): Promise<void> {
  if (trial.schema.world?.preconditions !== true) return;
  const { type, fields, changed } = trial;
  const made = valueOf(await create(trial, quiet()));
  ok(made.precondition !== undefined, "Objects of the type come with a precondition");
  const stale = { type, id: made.id, token: tokenOf(9), precondition: "stale" };
  const results: Result<unknown, CallFailure>[] = [
    await trial.provider.delete({ ...stale, applied: fields }, quiet()),
  ];
  if (trial.hasUpdate) {
    results.push(await trial.provider.update({ ...stale, before: fields, after: changed }, quiet()));
  }
  for (const result of results) {
    const failure = failureOf(result);
    deepStrictEqual([failure.kind, failure.certainty], ["PreconditionFailed", "notDone"]);
  }
  deepStrictEqual(await readBack(trial, made), made);
}

/** One answer of each call, under one signal. */
async function allCalls(
  trial: Trial,
  { id }: LiveObject,
  signal: AbortSignal,
): Promise<readonly Result<unknown, CallFailure>[]> {
  const { provider, type, fields, changed } = trial;
  const token = tokenOf(4);
  return [
    await provider.identity(signal),
    await provider.read({ type, id, applied: fields }, signal),
    await create(trial, signal, token),
    await provider.update({ type, id, before: fields, after: changed, token }, signal),
    await provider.delete({ type, id, applied: fields, token }, signal),
    await provider.list({ type }, signal),
  ];
}

/** The world must be as the answer says; what was made is taken away again. */
async function checkEnding(trial: Trial, result: Result<LiveObject, CallFailure>): Promise<void> {
  if (!result.ok && !isFound(trial.schema)) return;
  const id = result.ok ? result.value.id : await findId(trial);
  if (!result.ok) {
    ok(["Cancelled", "Timeout"].includes(result.error.kind), `The signal ended it, not ${result.error.kind}`);
    if (result.error.certainty === "notDone") deepStrictEqual(id, undefined);
  }
  if (id === undefined) return;
  const { type, fields } = trial;
  valueOf(await trial.provider.delete({ type, id, applied: fields, token: tokenOf(6) }, quiet()));
}

async function findId(trial: Trial): Promise<string | undefined> {
  const { provider, type, schema } = trial;
  const uniqueName = uniqueNameOf(trial);
  const request = schema.world?.marker === "token" || uniqueName === undefined
    ? { type }
    : { type, uniqueName };
  return valueOf(await provider.list(request, quiet()))[0]?.id;
}

async function readBack(trial: Trial, { id, outputs }: LiveObject): Promise<LiveObject | undefined> {
  const { provider, type, fields } = trial;
  return valueOf(await provider.read({ type, id, applied: fields, outputs }, quiet()));
}

function create(
  trial: Trial,
  signal: AbortSignal,
  token = tokenOf(1),
): Promise<Result<LiveObject, CallFailure>> {
  const { provider, type, fields } = trial;
  return provider.create({ type, fields, token, accepted: () => undefined }, signal);
}

function goneOff(kind: "Timeout" | "Cancelled"): AbortSignal {
  const reason = kind === "Timeout" ? new DOMException("Too late", "TimeoutError") : undefined;
  return AbortSignal.abort(reason);
}

/** A signal that goes off after some turns of the event loop, in the middle of what began before. */
function goingOff(turns: number): AbortSignal {
  const controller = new AbortController();
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data: left }: MessageEvent<number>) => {
    if (left > 0) return port2.postMessage(left - 1);
    controller.abort();
    port1.close();
  };
  port2.postMessage(turns);
  return controller.signal;
}
