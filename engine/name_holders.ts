import type { LiveView } from "./plan_lookup.ts";
import type { ResourceState } from "./resource_state.ts";
import { getField } from "./wanted.ts";
import type { FieldPath, ResourceSchema } from "./schema.ts";
import type { ValueRecord } from "./value.ts";
import { decodeRecord } from "./value_codec.ts";

/** What is at an address, for the question which names its objects bear. */
export interface NameQuestion {
  readonly schema: ResourceSchema;
  readonly state: ResourceState;
  readonly live: LiveView | undefined;
}

/** An object, and the name that it bears. */
export interface NamedObject {
  readonly id: string;
  readonly name: string;
}

/** Ids of the objects of an address with whose unique name a new one of it would clash. */
export function nameHolders(question: NameQuestion, wanted: ValueRecord): readonly string[] {
  const path = question.schema.world?.uniqueName;
  const name = path === undefined ? undefined : nameIn(wanted, path);
  if (path === undefined || name === undefined) return [];
  return namesHeld(question, path).filter((each) => each.name === name).map((each) => each.id);
}

/** The objects of an address that are of the type of the schema, with the names that no other may bear meanwhile. */
export function namesHeld(question: NameQuestion, path: FieldPath): readonly NamedObject[] {
  return heldBy(question).flatMap(({ id, type, fields, inputs }) => {
    const name = nameIn(fields, path) ?? nameIn(inputs, path);
    return type === question.schema.type && name !== undefined ? [{ id, name }] : [];
  });
}

/** The name in the fields of an object, where it is known. */
export function nameIn(fields: ValueRecord, path: FieldPath): string | undefined {
  const name = getField(fields, path);
  return typeof name === "string" ? name : undefined;
}

interface HeldFields {
  readonly id: string;
  readonly type: string;
  readonly fields: ValueRecord;
  readonly inputs: ValueRecord;
}

/** The live object as it was read, and old ones that still have to go. */
function heldBy({ state, live }: NameQuestion): readonly HeldFields[] {
  const held: HeldFields[] = state.deposed.map(({ object }) => ({
    id: object.id,
    type: object.type,
    fields: decodeRecord(object.fields),
    inputs: decodeRecord(object.inputs),
  }));
  if (live !== undefined) {
    held.push({ id: live.id, type: live.stored.type, fields: live.fields, inputs: live.inputs });
  }
  return held;
}
