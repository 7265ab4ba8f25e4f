import { createHash } from "node:crypto";
import { ok, type Result } from "../../engine/result.ts";
import { isRecord, record, type Value, type ValueRecord } from "../../engine/value.ts";
import { nearName } from "../../engine/near_name.ts";
import type { SectionSchema } from "../../engine/schema.ts";
import { checkFields } from "./check_fields.ts";
import type { Sent } from "./fact.ts";
import { canonicalValue } from "./open_value.ts";
import { type Refusal, refuse } from "./refusal.ts";
import type { SimType } from "./sim_schema.ts";
import { schemaOf, SIM_TYPES, simType } from "./sim_types.ts";

/** The type called `name`, or a refusal that names the nearest one. */
export function requireType(name: string): Result<SimType, Refusal> {
  const type = simType(name);
  if (type !== undefined) return ok(type);
  const near = nearName(name, SIM_TYPES.map((each) => each.type));
  const hint = near === undefined ? "" : `, did you mean "${near}"`;
  return refuse("InvalidConfig", `the sim cloud has no type "${name}"${hint}`);
}

/**
 * Makes the fields of a request what the cloud keeps: checked against the schema, defaults added, write-only ones reduced
 * to digests. From here on no write-only value exists.
 */
export function sendFields(
  type: SimType,
  fields: ValueRecord,
  token: string,
): Result<Sent<ValueRecord>, Refusal> {
  const checked = checkFields(schemaOf(type), fields);
  if (!checked.ok) return checked;
  const digests: Record<string, string> = {};
  const kept = keepFields(type.sections, checked.value, (path, value) => {
    digests[path] = digestOf(token, path, value);
  });
  return ok({ fields: kept, digests, inputs: digestOf(token, "", checked.value) });
}

/**
 * The digest that the cloud keeps of a write-only value, in hex: SHA-256 over token, path and value. The token is the
 * salt, 128 random bits that no other request has.
 */
export function digestOf(token: string, path: string, value: Value): string {
  return createHash("sha256").update(`${token}\0${path}\0${canonicalValue(value)}`).digest("hex");
}

function keepFields(
  sections: readonly SectionSchema[],
  fields: ValueRecord,
  drop: (path: string, value: Value) => void,
): ValueRecord {
  const entries: [string, Value][] = [];
  for (const section of sections) {
    const own = section.name === "" ? fields : fields[section.name];
    if (!isRecord(own)) continue;
    const kept: [string, Value][] = [];
    for (const field of section.fields) {
      const value = own[field.name];
      if (value === undefined) continue;
      const path = section.name === "" ? field.name : `${section.name}.${field.name}`;
      if (field.writeOnly) drop(path, value);
      else kept.push([field.name, value]);
    }
    if (section.name === "") entries.push(...kept);
    else if (kept.length > 0) entries.push([section.name, record(kept)]);
  }
  return record(entries);
}
