import type { CallFailure } from "../engine/call_failure.ts";
import { ok, type Result } from "../engine/result.ts";
import type { ResourceSchema } from "../engine/schema.ts";
import { record, type ValueRecord } from "../engine/value.ts";
import type { TypeAdapter } from "./type_adapter.ts";

/** Works out the outputs of an object from its fields. */
export type OutputMaker = (
  fields: ValueRecord,
  signal: AbortSignal,
) => Promise<Result<ValueRecord, CallFailure>>;

/**
 * Makes a type whose objects exist in the log only: `create` and `update` work out outputs, delete has nothing to do. The
 * id of an object is the token of the intent that made it, so the same intent sent again means the same object.
 */
export function worldlessType(schema: ResourceSchema, outputsOf: OutputMaker): TypeAdapter {
  return {
    schema,
    permissions: () => [],
    read: ({ id, applied, outputs }) =>
      Promise.resolve(ok({ id, fields: applied, outputs: outputs ?? record() })),
    async create({ token, fields }, signal) {
      const made = await outputsOf(fields, signal);
      return made.ok ? ok({ id: token, fields, outputs: made.value }) : made;
    },
    async update({ id, after }, signal) {
      const made = await outputsOf(after, signal);
      return made.ok ? ok({ id, fields: after, outputs: made.value }) : made;
    },
    delete: () => Promise.resolve(ok(undefined)),
    list: () => Promise.resolve(ok([])),
  };
}
