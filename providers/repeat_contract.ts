import { deepStrictEqual, ok } from "node:assert/strict";
import type { CallFailure } from "../engine/call_failure.ts";
import type { Result } from "../engine/result.ts";
import type { ResourceSchema } from "../engine/schema.ts";
import type { ValueRecord } from "../engine/value.ts";
import {
  type ContractCheck,
  type ContractSubject,
  isFound,
  isSecret,
  testChecks,
  type Trial,
  uniqueNameOf,
} from "./contract_subject.ts";
import type { DeleteRequest, ListedObject, LiveObject, UpdateRequest } from "./provider.ts";
import { failureOf, quiet, tokenOf, valueOf } from "./test_calls.ts";

/**
 * The suite that sends every call twice: a second one never makes a second thing, and ends as the first did.
 *   R1. Create under one token makes one object: the repeat answers with it, or that it is there already.
 *   R2. What create answers is what read finds, and all that lists show.
 *   R3. Update twice ends in the same object; delete twice is two successes.
 *   R4. What is gone is read as definitely gone, and in no list.
 */
export const REPEAT_CHECKS: readonly ContractCheck[] = [
  { name: "R1 create twice under one token makes one TYPE", run: checkCreateTwice },
  { name: "R2 read and lists show the TYPE that create answered", run: checkReadBack },
  { name: "R3 update twice and delete twice end in one state of a TYPE", run: checkChangeTwice },
  { name: "R4 a TYPE that is gone is in no answer", run: checkGone },
];

/** Registers the suite for a provider. */
export function testProviderRepeats(name: string, subject: ContractSubject): void {
  testChecks(name, subject, REPEAT_CHECKS);
}

const TOKEN = tokenOf(1);

async function checkCreateTwice(trial: Trial): Promise<void> {
  const accepted: string[] = [];
  const before = await allIds(trial);
  const first = valueOf(await create(trial, accepted));
  const second = await create(trial, accepted);
  if (second.ok) deepStrictEqual(second.value.id, first.id);
  else deepStrictEqual([second.error.kind, second.error.certainty], ["AlreadyExists", "notDone"]);
  deepStrictEqual(accepted.filter((id) => id !== first.id), []);
  for (const listed of await lists(trial)) deepStrictEqual(listed.map((each) => each.id), [first.id]);
  const made = (await allIds(trial)).filter((id) => !before.includes(id));
  if (trial.schema.world?.marker === "token") deepStrictEqual(made, [first.id]);
}

async function checkReadBack(trial: Trial): Promise<void> {
  const made = valueOf(await create(trial));
  checkOutputs(trial.schema, made);
  const request = { type: trial.type, id: made.id, applied: trial.fields, outputs: made.outputs };
  deepStrictEqual(valueOf(await trial.provider.read(request, quiet())), made);
  for (const [found] of await lists(trial)) deepStrictEqual(found?.id, made.id);
}

async function checkChangeTwice(trial: Trial): Promise<void> {
  const made = valueOf(await create(trial));
  const last = trial.hasUpdate ? await updateTwice(trial, made) : made;
  valueOf(await trial.provider.delete(deleteOf(trial, last, trial.changed), quiet()));
  valueOf(await trial.provider.delete(deleteOf(trial, last, trial.changed), quiet()));
}

async function checkGone(trial: Trial): Promise<void> {
  if (!isFound(trial.schema)) return;
  const made = valueOf(await create(trial));
  valueOf(await trial.provider.delete(deleteOf(trial, made, trial.fields), quiet()));
  const request = { type: trial.type, id: made.id, applied: trial.fields };
  deepStrictEqual(valueOf(await trial.provider.read(request, quiet())), undefined);
  for (const listed of await lists(trial)) deepStrictEqual(listed, []);
  if (!trial.hasUpdate) return;
  const gone = failureOf(await trial.provider.update(updateOf(trial, made), quiet()));
  deepStrictEqual([gone.kind, gone.certainty], ["NotFound", "notDone"]);
}

function create(trial: Trial, accepted: string[] = []): Promise<Result<LiveObject, CallFailure>> {
  const { type, fields } = trial;
  const request = { type, fields, token: TOKEN, accepted: (id: string) => void accepted.push(id) };
  return trial.provider.create(request, quiet());
}

async function updateTwice(trial: Trial, made: LiveObject): Promise<LiveObject> {
  const first = valueOf(await trial.provider.update(updateOf(trial, made), quiet()));
  const second = valueOf(await trial.provider.update(updateOf(trial, made), quiet()));
  deepStrictEqual([first.id, second.id], [made.id, made.id]);
  deepStrictEqual(second.fields, first.fields);
  deepStrictEqual(second.outputs, first.outputs);
  return second;
}

function updateOf(trial: Trial, seen: LiveObject): UpdateRequest {
  const { type, fields: before, changed: after } = trial;
  const request = { type, id: seen.id, before, after, token: tokenOf(2) };
  return seen.precondition === undefined ? request : { ...request, precondition: seen.precondition };
}

function deleteOf(trial: Trial, seen: LiveObject, applied: ValueRecord): DeleteRequest {
  const request = { type: trial.type, id: seen.id, applied, token: tokenOf(3) };
  return seen.precondition === undefined ? request : { ...request, precondition: seen.precondition };
}

async function allIds({ provider, type }: Trial): Promise<readonly string[]> {
  return valueOf(await provider.list({ type }, quiet())).map((each) => each.id);
}

/** What each search says that the schema promises: by token, by unique name. */
async function lists(trial: Trial): Promise<readonly (readonly ListedObject[])[]> {
  const { provider, schema, type } = trial;
  const found: (readonly ListedObject[])[] = [];
  if (schema.world?.marker === "token") {
    found.push(valueOf(await provider.list({ type, token: TOKEN }, quiet())));
  }
  const uniqueName = uniqueNameOf(trial);
  if (uniqueName !== undefined) found.push(valueOf(await provider.list({ type, uniqueName }, quiet())));
  return found;
}

function checkOutputs(schema: ResourceSchema, made: LiveObject): void {
  const echoed = schema.echoes === undefined ? undefined : made.fields[schema.echoes];
  for (const [name, value] of Object.entries(made.outputs)) {
    const output = schema.outputs.find((each) => each.name === name);
    ok(output !== undefined || name in Object(echoed), `The schema has the output "${name}"`);
    ok(output?.sensitive !== true || isSecret(value), `The output "${name}" is a secret`);
  }
  for (const output of schema.outputs) {
    ok(output.name in made.outputs, `There is the output "${output.name}"`);
  }
}
