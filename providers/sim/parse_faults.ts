import { CERTAINTIES, FAILURE_KINDS, RETRIES } from "../../engine/call_failure.ts";
import { canonicalJson } from "../../engine/canonical_json.ts";
import { isJsonObject, type Json, type JsonObject } from "../../engine/json.ts";
import { nearName } from "../../engine/near_name.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { EFFECT_KINDS, type FaultEffect, type FaultRule, type Operation, OPERATIONS } from "./fault_rule.ts";
import { SIM_TYPES } from "./sim_types.ts";

/**
 * Reads a list of fault rules. Each is `{operation, type?, match?, nth?, times?, label?, effect}`; an effect is a name such
 * as `"loseReply"` or an object with one key such as `{"latency": 200}`. The error says what is wrong and where.
 */
export function parseFaults(text: string): Result<readonly FaultRule[], string> {
  let json: Json;
  try {
    json = JSON.parse(text) as Json;
  } catch (error) {
    if (error instanceof SyntaxError) return err(`they are not JSON: ${error.message}`);
    throw error;
  }
  if (!Array.isArray(json)) return err("they must be a list of rules");
  const rules: FaultRule[] = [];
  const seen = new Map<string, number>();
  for (const [index, each] of json.entries()) {
    const place = `rule ${index + 1}`;
    if (!isJsonObject(each)) return err(`${place} must be an object`);
    const parsed = parseRule(each, place);
    if (!parsed.ok) return parsed;
    const occurrence = seen.get(parsed.value.key) ?? 0;
    seen.set(parsed.value.key, occurrence + 1);
    rules.push(
      occurrence === 0 ? parsed.value : { ...parsed.value, key: `${parsed.value.key}#${occurrence}` },
    );
  }
  return ok(rules);
}

const RULE_KEYS: readonly string[] = ["operation", "type", "match", "nth", "times", "label", "effect"];

function parseRule(rule: JsonObject, place: string): Result<FaultRule, string> {
  const { operation, type, match = {}, nth, times, label, effect } = rule;
  const fault = unknownKey(rule, RULE_KEYS, place) ??
    (isOperation(operation) ? undefined : notOneOf(`${place}.operation`, operation, ["*", ...OPERATIONS])) ??
    typeFault(type, place) ?? countFault(nth, `${place}.nth`) ?? countFault(times, `${place}.times`) ??
    (label === undefined || typeof label === "string" ? undefined : `${place}.label must be text`) ??
    (isJsonObject(match) ? undefined : `${place}.match must be an object of fields and values`);
  if (fault !== undefined || !isOperation(operation) || !isJsonObject(match)) return err(fault ?? place);
  const parsed = parseEffect(effect, `${place}.effect`);
  if (!parsed.ok) return parsed;
  const misplaced = misplacedEffect(parsed.value, operation, place);
  if (misplaced !== undefined) return err(misplaced);
  return ok({
    key: canonicalJson(rule),
    operation,
    type: typeof type === "string" ? type : undefined,
    match: new Map(Object.entries(match)),
    span: spanOf(nth, times),
    effect: parsed.value,
  });
}

function spanOf(nth: Json | undefined, times: Json | undefined): FaultRule["span"] {
  if (nth === undefined && times === undefined) return undefined;
  const first = typeof nth === "number" ? nth : 1;
  return { first, last: first + (typeof times === "number" ? times : 1) - 1 };
}

function parseEffect(effect: Json | undefined, place: string): Result<FaultEffect, string> {
  const name = isJsonObject(effect) ? Object.keys(effect)[0] : effect;
  const kind = EFFECT_KINDS.find((each) => each === name);
  if (kind === undefined) return err(notOneOf(place, name, EFFECT_KINDS));
  if (isJsonObject(effect) && Object.keys(effect).length !== 1) return err(`${place} must have one key only`);
  const body = isJsonObject(effect) ? effect[kind] : undefined;
  if (kind === "latency" || kind === "lag" || kind === "late") {
    return typeof body === "number" && body >= 0
      ? ok({ kind, ms: body })
      : err(`${place}.${kind} must be a number of milliseconds`);
  }
  if (kind === "fail") return parseFailure(body, `${place}.fail`);
  return body === undefined ? ok({ kind }) : err(`${place} must be "${kind}" alone`);
}

function parseFailure(body: Json | undefined, place: string): Result<FaultEffect, string> {
  if (!isJsonObject(body)) return err(`${place} must be an object with a "kind"`);
  const extra = unknownKey(body, ["kind", "retry", "certainty", "retryAfterMs", "message"], place);
  if (extra !== undefined) return err(extra);
  const kind = FAILURE_KINDS.find((each) => each === body["kind"]);
  if (kind === undefined) return err(notOneOf(`${place}.kind`, body["kind"], FAILURE_KINDS));
  const retry = RETRIES.find((each) => each === (body["retry"] ?? "never"));
  if (retry === undefined) return err(notOneOf(`${place}.retry`, body["retry"], RETRIES));
  const certainty = CERTAINTIES.find((each) => each === (body["certainty"] ?? "notDone"));
  if (certainty === undefined) return err(notOneOf(`${place}.certainty`, body["certainty"], CERTAINTIES));
  const { retryAfterMs, message = `The sim cloud answers ${kind}, as its faults want` } = body;
  if (typeof message !== "string") return err(`${place}.message must be text`);
  if (retryAfterMs === undefined) return ok({ kind: "fail", failure: { kind, retry, certainty, message } });
  if (typeof retryAfterMs !== "number") return err(`${place}.retryAfterMs must be a number of milliseconds`);
  return ok({ kind: "fail", failure: { kind, retry, certainty, message, retryAfterMs } });
}

/** An effect that the operation cannot have. */
function misplacedEffect(effect: FaultEffect, operation: Operation | "*", place: string): string | undefined {
  const looks = operation === "read" || operation === "list";
  if (effect.kind === "lag" && !looks) return `${place}: "lag" is for "read" and "list"`;
  const changes = operation === "create" || operation === "update" || operation === "delete";
  return effect.kind === "late" && !changes
    ? `${place}: "late" is for "create", "update" and "delete"`
    : undefined;
}

function typeFault(type: Json | undefined, place: string): string | undefined {
  const types = SIM_TYPES.map((each) => each.type);
  if (type === undefined || (typeof type === "string" && types.includes(type))) return undefined;
  return notOneOf(`${place}.type`, type, types);
}

function countFault(count: Json | undefined, place: string): string | undefined {
  if (count === undefined || (typeof count === "number" && Number.isSafeInteger(count) && count >= 1)) {
    return undefined;
  }
  return `${place} must be a whole number from 1`;
}

function isOperation(value: Json | undefined): value is Operation | "*" {
  return value === "*" || OPERATIONS.some((each) => each === value);
}

function unknownKey(object: JsonObject, known: readonly string[], place: string): string | undefined {
  const key = Object.keys(object).find((each) => !known.includes(each));
  return key === undefined ? undefined : `${place} has the unknown key "${key}", ${hintFor(key, known)}`;
}

function notOneOf(place: string, found: Json | undefined, known: readonly string[]): string {
  return found === undefined
    ? `${place} is missing, wanted one of ${known.join(", ")}`
    : `${place} cannot be ${JSON.stringify(found)}, ${hintFor(found, known)}`;
}

function hintFor(found: Json, known: readonly string[]): string {
  const near = typeof found === "string" ? nearName(found, known) : undefined;
  return near === undefined ? `wanted one of ${known.join(", ")}` : `did you mean "${near}"`;
}
