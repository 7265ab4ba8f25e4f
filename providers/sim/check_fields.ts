import { checkValue } from "../../engine/check_value.ts";
import { clearValue } from "../../engine/clear_value.ts";
import { withDefaults } from "../../engine/defaults.ts";
import { nearName } from "../../engine/near_name.ts";
import { ok, type Result } from "../../engine/result.ts";
import type { FieldSchema, ResourceSchema } from "../../engine/schema.ts";
import { isRecord, SealedSecret, someValue, Unknown, type ValueRecord } from "../../engine/value.ts";
import { type Refusal, refuse } from "./refusal.ts";

/**
 * Checks `fields` as a cloud does that trusts no caller, and adds the defaults. Returns the fields as the cloud takes
 * them, or the first fault. A null means that a field is not set.
 */
export function checkFields(schema: ResourceSchema, fields: ValueRecord): Result<ValueRecord, Refusal> {
  const sections = schema.sections.map((each) => each.name).filter((name) => name !== "");
  const full = withDefaults(fields, schema);
  for (const { name, fields: known } of schema.sections) {
    const own = name === "" ? full : full[name] ?? {};
    if (!isRecord(own)) return refuse("InvalidConfig", `"${name}" must be a section`);
    const prefix = name === "" ? "" : `${name}.`;
    const fault = unknownName(own, [
      ...known.map((each) => each.name),
      ...(name === "" ? sections : []),
    ], prefix) ??
      sectionFault(own, known, prefix);
    if (fault !== undefined) return refuse("InvalidConfig", fault);
  }
  return ok(full);
}

function sectionFault(
  own: ValueRecord,
  known: readonly FieldSchema[],
  prefix: string,
): string | undefined {
  for (const field of known) {
    const path = `"${prefix}${field.name}"`;
    const value = own[field.name];
    if (value === undefined && field.required) return `${path} is missing`;
    if (value === undefined) continue;
    if (someValue(value, (part) => part instanceof Unknown || part instanceof SealedSecret)) {
      return `${path} is not known in clear`;
    }
    const isBroken = someValue(clearValue(value), (part) => typeof part === "string" && !part.isWellFormed());
    if (isBroken) return `${path} holds half a character`;
    const [fault] = checkValue(value, field);
    if (fault !== undefined) return `"${prefix}${field.name}${fault.part}": ${quietly(field, fault.message)}`;
  }
  return undefined;
}

/** What a sensitive field was found to hold is not told. */
function quietly(field: FieldSchema, message: string): string {
  const end = message.lastIndexOf(", found");
  return field.sensitive && end >= 0 ? message.slice(0, end) : message;
}

function unknownName(own: ValueRecord, known: readonly string[], prefix: string): string | undefined {
  const name = Object.keys(own).find((each) => !known.includes(each));
  if (name === undefined) return undefined;
  const near = nearName(name, known);
  const hint = near === undefined ? `known are ${known.join(", ")}` : `did you mean "${prefix}${near}"`;
  return `unknown field "${prefix}${name}", ${hint}`;
}
