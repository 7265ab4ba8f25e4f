import { typeAt } from "./binding.ts";
import { checkValue } from "./check_value.ts";
import { field, fieldAt, formatFieldPath, type ResourceSchema } from "./schema.ts";
import type { ValueRecord } from "./value.ts";
import { getField, type Wanted } from "./wanted.ts";

/**
 * Why a value that another resource gives does not fit its place; `undefined` when all fit, as far as they are known. What
 * the files write is checked before planning; what they bind only shows its value here. Sealed secrets count as right.
 */
export function unfitValue(wanted: Wanted, schema: ResourceSchema, fields: ValueRecord): string | undefined {
  for (const { path, sources } of wanted.bindings) {
    const value = getField(fields, path) ?? null;
    const type = typeAt(schema, path);
    const place = fieldAt(schema, path) ?? (type === undefined ? undefined : field(path.field, type, ""));
    if (value === null || place === undefined) continue;
    const [fault] = checkValue(value, place);
    if (fault === undefined) continue;
    const given = sources.map(({ address, output }) => `"${address}.${output}"`).join(", ");
    return `Cannot bind ${given} to "${formatFieldPath(path)}${fault.part}": ${fault.message}`;
  }
  return undefined;
}
