import type { FieldChange } from "../engine/plan.ts";
import { fieldAt, parseFieldPath } from "../engine/schema.ts";
import { equalValues } from "../engine/value.ts";
import type { PreparedPlan } from "./prepare_plan.ts";

/** Whether a field that a creation of `type` sets has what the schema gives to whoever does not say. */
export type IsDefault = (type: string, change: FieldChange) => boolean;

/** Knows the defaults of the types of a plan. */
export function defaultsOf({ registry }: Pick<PreparedPlan, "registry">): IsDefault {
  return (type, { path, after }) => {
    const found = registry.lookUp(type);
    const field = found.ok ? fieldAt(found.value.schema, parseFieldPath(path)) : undefined;
    if (field?.defaultValue === undefined || field.required || field.sensitive) return false;
    return after !== undefined && equalValues(after, field.defaultValue);
  };
}
