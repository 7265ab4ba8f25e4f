import type { CallFailure } from "../engine/call_failure.ts";
import type { JsonObject } from "../engine/json.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { FieldPath } from "../engine/schema.ts";
import type { ValueRecord } from "../engine/value.ts";
import { getField } from "../engine/wanted.ts";
import { startDeadline } from "./call_deadline.ts";
import type { ProvidedType, RunWorld } from "./run_world.ts";
import { openInputs } from "./sealed_facts.ts";

/** The text that `fields` give to the unique name of a type; `undefined` when it has none. */
export function uniqueNameOf({ schema }: ProvidedType, fields: ValueRecord): string | undefined {
  return textAt(fields, schema.world?.uniqueName);
}

/** The id that `fields` give to what is made of them, for types whose ids are a field; else `undefined`. */
export function givenId({ schema }: ProvidedType, fields: ValueRecord): string | undefined {
  return textAt(fields, schema.world?.idField);
}

function textAt(fields: ValueRecord, path: FieldPath | undefined): string | undefined {
  const text = path === undefined ? undefined : getField(fields, path);
  return typeof text === "string" ? text : undefined;
}

/**
 * Looks whether the unique name of what is to be made is free, for types that are found by name only: without it an object
 * of that name is no evidence afterwards. `undefined` when the type is found otherwise, or when this account may not look.
 * The error: no answer came. Nothing is made then, since a lost reply of the creation could never be settled.
 */
export async function isNameFree(
  world: RunWorld,
  provided: ProvidedType,
  inputs: JsonObject,
): Promise<Result<boolean | undefined, CallFailure>> {
  const { schema } = provided;
  if (schema.world?.marker !== "name") return ok(undefined);
  const { fields } = await openInputs(world.vault, inputs);
  const uniqueName = uniqueNameOf(provided, fields);
  if (uniqueName === undefined) return ok(undefined);
  const first = await isUnlisted(world, provided, uniqueName);
  if (!first.ok || first.value !== false || schema.world.settleMs === 0) return first;
  // What was deleted a moment ago may still be listed.
  await world.clock.sleep(schema.world.settleMs, world.interrupts.stop);
  return await isUnlisted(world, provided, uniqueName);
}

async function isUnlisted(
  world: RunWorld,
  { schema, provider }: ProvidedType,
  uniqueName: string,
): Promise<Result<boolean | undefined, CallFailure>> {
  const deadline = startDeadline(world.clock, schema.timeoutsMs.read, world.interrupts.stop);
  const listed = await Promise.race([
    provider.list({ type: schema.type, uniqueName }, deadline.signal),
    deadline.givenUp,
  ]);
  deadline.end();
  if (typeof listed === "string") return err(unanswered(listed, "no answer came"));
  if (listed.ok) return ok(listed.value.length === 0);
  return listed.error.kind === "Denied"
    ? ok(undefined)
    : err(unanswered(listed.error.kind, listed.error.message));
}

function unanswered(kind: CallFailure["kind"], why: string): CallFailure {
  return {
    kind,
    retry: "safe",
    certainty: "notDone",
    message: `Cannot tell whether its name is free, so nothing was made: ${why}`,
  };
}
