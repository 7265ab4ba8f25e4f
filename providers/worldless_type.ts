import type { CallFailure } from "../engine/call_failure.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ResourceSchema } from "../engine/schema.ts";
import { record, type ValueRecord } from "../engine/value.ts";
import { refused } from "./failures.ts";
import type { TypeAdapter } from "./type_adapter.ts";

/** Works out the outputs of an object from its fields. */
export type OutputMaker = (
  fields: ValueRecord,
  signal: AbortSignal,
) => Promise<Result<ValueRecord, CallFailure>>;

/**
 * Makes a type whose objects exist in the log only: `create` and `update` work out outputs, delete has nothing to do. The
 * id of an object is the token of the intent that made it, so the same intent sent again means the same object. A type all
 * of whose fields are immutable has no update: working out its outputs again would change what nobody wants changed.
 */
export function worldlessType(schema: ResourceSchema, outputsOf: OutputMaker): TypeAdapter {
  return {
    schema,
    permissions: () => [],
    check: () => Promise.resolve(ok(undefined)),
    read: ({ id, applied, outputs }) =>
      Promise.resolve(ok({ id, fields: applied, outputs: outputs ?? record() })),
    async create({ token, fields }, signal) {
      const made = await outputsOf(fields, signal);
      return made.ok ? ok({ id: token, fields, outputs: made.value }) : made;
    },
    async update({ id, after }, signal) {
      if (!isChangeable(schema)) {
        return err(refused("InvalidConfig", `Cannot change a ${schema.type} in place`));
      }
      const made = await outputsOf(after, signal);
      return made.ok ? ok({ id, fields: after, outputs: made.value }) : made;
    },
    delete: () => Promise.resolve(ok(undefined)),
    list: () => Promise.resolve(ok([])),
  };
}

function isChangeable({ sections }: ResourceSchema): boolean {
  return sections.some((section) => section.open || section.fields.some((field) => !field.immutable));
}
