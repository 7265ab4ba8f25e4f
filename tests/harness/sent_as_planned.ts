import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { canonicalJson } from "../../engine/canonical_json.ts";
import { clearValue } from "../../engine/clear_value.ts";
import type { PlannedResource } from "../../engine/plan.ts";
import { formatFieldPath } from "../../engine/schema.ts";
import { isList, isRecord, record, Unknown, type Value, type ValueRecord } from "../../engine/value.ts";
import { encodeRecord, encodeValue } from "../../engine/value_codec.ts";
import { hasUnknown, type WantedBinding } from "../../engine/wanted.ts";
import type { LiveObject } from "../../providers/provider.ts";
import type { SentCall } from "./recorded_project.ts";

/** Finds what lives under an address after an apply. */
export type LiveLookup = (address: string) => LiveObject;

/**
 * Checks that a call sent what the plan had shown, byte for byte in canonical JSON with secrets in clear: `shown` are the
 * plan's fields so opened. What the plan could not know must be what the resources that it comes from have given since.
 */
export function checkSent(
  planned: PlannedResource,
  shown: ValueRecord,
  sent: SentCall,
  live: LiveLookup,
): void {
  let expected = shown;
  for (const binding of planned.wanted?.bindings ?? []) expected = withGiven(expected, binding, live);
  strictEqual(clearJson(sent.fields), clearJson(expected), planned.address);
}

/** Puts what the sources of a binding gave where the plan could not know it; what it did know stays. */
function withGiven(
  fields: ValueRecord,
  { path, sources, shape }: WantedBinding,
  live: LiveLookup,
): ValueRecord {
  const { section, field } = path;
  const holder = section === "" ? fields : fields[section];
  ok(isRecord(holder), formatFieldPath(path));
  const planned = holder[field];
  ok(planned !== undefined, `${formatFieldPath(path)} is in the plan`);
  if (!hasUnknown(planned)) return fields;
  const given = sources.map(({ address, output }) => givenBy(live(address), output));
  const value = shape === "single" ? given[0] ?? null : given;
  if (isList(planned) && isList(value)) {
    planned.forEach((part, index) => {
      if (!(part instanceof Unknown)) deepStrictEqual(part, value[index], formatFieldPath(path));
    });
  }
  const filled = withEntry(holder, field, value);
  return section === "" ? filled : withEntry(fields, section, filled);
}

function givenBy({ id, outputs }: LiveObject, output: string): Value {
  const given = output === "id" ? id : outputs[output];
  ok(given !== undefined, `${id} gives ${output}`);
  return given;
}

/** Checks that the lines of a plan show exactly what a create sets: every field of it, each with its value. */
export function checkShown({ address, changes, bound }: PlannedResource): void {
  ok(bound !== undefined);
  const shown = new Map(changes.map(({ path, after }) => [path, after]));
  const lines = [...shown].map(([path, after]) => `${path} ${after === undefined ? "" : shownJson(after)}`);
  const fields = Object.entries(bound).flatMap(([name, value]) =>
    isRecord(value) && !shown.has(name)
      ? Object.entries(value).map(([field, part]) => [`${name}.${field}`, part] as const)
      : [[name, value] as const]
  );
  const wanted = fields.filter(([, value]) => !isBlank(value)).map(([path, value]) =>
    `${path} ${shownJson(value)}`
  );
  deepStrictEqual(lines.sort(), wanted.sort(), address);
}

/** Nothing, an empty list and an empty object are one. */
function isBlank(value: Value): boolean {
  return value === null || (isList(value) && value.length === 0) ||
    (isRecord(value) && Object.keys(value).length === 0);
}

function withEntry(fields: ValueRecord, name: string, value: Value): ValueRecord {
  return record([...Object.entries(fields), [name, value]]);
}

function shownJson(value: Value): string {
  return canonicalJson(encodeValue(clearValue(value)));
}

function clearJson(fields: ValueRecord): string {
  const clear = clearValue(fields);
  ok(isRecord(clear));
  return canonicalJson(encodeRecord(clear));
}
