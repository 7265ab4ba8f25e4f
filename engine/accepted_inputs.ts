import { driftedFields } from "./drift_sides.ts";
import { withSentParts } from "./diff_resource.ts";
import type { LiveFacts } from "./plan.ts";
import type { StoredObject } from "./resource_state.ts";
import { isBlank } from "./same_values.ts";
import { fieldAt, type ResourceSchema } from "./schema.ts";
import type { ValueRecord } from "./value.ts";
import { decodeRecord } from "./value_codec.ts";
import { getField, setField, withoutField } from "./wanted.ts";

/**
 * The inputs of an object as if what lives had been sent: fields that drifted as they live, write-only parts and all else as they
 * were sent. What was left to the provider stays so.
 */
export function acceptedInputs(schema: ResourceSchema, object: StoredObject, live: LiveFacts): ValueRecord {
  let inputs = decodeRecord(object.inputs);
  for (const { path } of driftedFields(schema, object, live, undefined)) {
    const sent = getField(inputs, path);
    const field = fieldAt(schema, path);
    if (field?.computed && isBlank(sent)) continue;
    const now = getField(live.fields, path);
    const value = field === undefined ? now : withSentParts(field.type, now, sent);
    inputs = isBlank(value) || value === undefined
      ? withoutField(inputs, path)
      : setField(inputs, path, value);
  }
  return inputs;
}
