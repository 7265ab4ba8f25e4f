import type { JsonObject } from "../engine/json.ts";
import type { ValueRecord } from "../engine/value.ts";
import { getField } from "../engine/wanted.ts";
import { startDeadline } from "./call_deadline.ts";
import type { ProvidedType, RunWorld } from "./run_world.ts";
import { openInputs } from "./sealed_facts.ts";

/** The text that `fields` give to the unique name of a type; `undefined` when it has none. */
export function uniqueNameOf({ schema }: ProvidedType, fields: ValueRecord): string | undefined {
  const path = schema.world?.uniqueName;
  if (path === undefined) return undefined;
  const name = getField(fields, path);
  return typeof name === "string" ? name : undefined;
}

/**
 * Looks whether the unique name of what is to be made is free, for types that are found by name only: without it an object
 * of that name is no evidence afterwards. `undefined` when the type is found otherwise, or when the look brought no answer.
 */
export async function isNameFree(
  world: RunWorld,
  provided: ProvidedType,
  inputs: JsonObject,
): Promise<boolean | undefined> {
  const { schema, provider } = provided;
  if (schema.world?.marker !== "name") return undefined;
  const { fields } = await openInputs(world.vault, inputs);
  const uniqueName = uniqueNameOf(provided, fields);
  if (uniqueName === undefined) return undefined;
  const first = await isUnlisted(world, provided, uniqueName);
  if (first !== false || schema.world.settleMs === 0) return first;
  // What was deleted a moment ago may still be listed.
  await world.clock.sleep(schema.world.settleMs, world.interrupts.stop);
  return await isUnlisted(world, provided, uniqueName);
}

async function isUnlisted(
  world: RunWorld,
  { schema, provider }: ProvidedType,
  uniqueName: string,
): Promise<boolean | undefined> {
  const deadline = startDeadline(world.clock, schema.timeoutsMs.read, world.interrupts.stop);
  const listed = await Promise.race([
    provider.list({ type: schema.type, uniqueName }, deadline.signal),
    deadline.givenUp,
  ]);
  deadline.end();
  return typeof listed === "string" || !listed.ok ? undefined : listed.value.length === 0;
}
