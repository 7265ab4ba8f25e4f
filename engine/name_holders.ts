import type { LiveView } from "./plan_lookup.ts";
import type { ResourceState } from "./resource_state.ts";
import { getField } from "./wanted.ts";
import type { ResourceSchema } from "./schema.ts";
import { equalValues, type ValueRecord } from "./value.ts";
import { decodeRecord } from "./value_codec.ts";

/** An address for which a new object is to be made, and what is there now. */
export interface NameQuestion {
  readonly schema: ResourceSchema;
  readonly state: ResourceState;
  readonly live: LiveView | undefined;
}

/** Ids of the objects of an address with whose unique name a new one of it would clash. */
export function nameHolders(question: NameQuestion, wanted: ValueRecord): readonly string[] {
  const { schema } = question;
  const path = schema.world?.uniqueName;
  const name = path === undefined ? undefined : getField(wanted, path);
  if (path === undefined || name === undefined || name === null) return [];
  return heldBy(question).filter(({ type, fields, inputs }) => {
    const taken = getField(fields, path) ?? getField(inputs, path);
    return type === schema.type && taken !== undefined && equalValues(taken, name);
  }).map((each) => each.id);
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
