import { invariant } from "../../engine/invariant.ts";
import { ok, type Result } from "../../engine/result.ts";
import { markEchoes, secretsOf } from "../../engine/scrub.ts";
import type { FieldSchema, SectionSchema } from "../../engine/schema.ts";
import { equalValues, isRecord, record, type ValueRecord } from "../../engine/value.ts";
import type { CloudObject, CloudState } from "./cloud_state.ts";
import { requireType } from "./cloud_request.ts";
import type { CloudRequest, Fact } from "./fact.ts";
import { clearValue } from "../../engine/clear_value.ts";
import type { Placed } from "./placement.ts";
import { referencesOf } from "./references.ts";
import { type Refusal, refuse, refuseFor } from "./refusal.ts";
import { type SimType, TOKEN_LIFETIME_MS } from "./sim_schema.ts";
import { PLACEMENTS } from "./type_rules.ts";

/** When the cloud decides, and how long its slow types take. */
export interface Moment {
  /** Milliseconds since 1970 by the cloud's clock. */
  readonly now: number;
  /** Milliseconds for which a database comes, and for which it goes. */
  readonly databaseMs: number;
}

/** What a request leads to: facts to add, and the object that it is about. No facts: it was done before. */
export interface Decision {
  readonly facts: readonly Fact<ValueRecord>[];
  readonly id: string;
}

type Create = Extract<CloudRequest<ValueRecord>, { readonly operation: "create" }>;
type Update = Extract<CloudRequest<ValueRecord>, { readonly operation: "update" }>;
type Delete = Extract<CloudRequest<ValueRecord>, { readonly operation: "delete" }>;

/**
 * Decides one request on the cloud as it is. Pure: reads `cloud`, changes nothing. A refusal means that nothing was done.
 */
export function decide(
  cloud: CloudState,
  request: CloudRequest<ValueRecord>,
  moment: Moment,
): Result<Decision, Refusal> {
  const type = requireType(request.type);
  if (!type.ok) return type;
  if (request.operation === "create") return decideCreate(cloud, request, type.value, moment);
  if (request.operation === "update") return decideUpdate(cloud, request, type.value, moment);
  return decideDelete(cloud, request, moment);
}

function decideCreate(
  cloud: CloudState,
  request: Create,
  type: SimType,
  moment: Moment,
): Result<Decision, Refusal> {
  const repeated = type.uniqueName === undefined ? repeat(cloud, request, moment) : undefined;
  if (repeated !== undefined) return repeated;
  const id = freshId(cloud, type, request.draw);
  if (id === undefined) return refuse("Internal", "no fresh id was drawn");
  const placed = place(cloud, { type, id, fields: request.sent.fields, before: undefined });
  if (!placed.ok) return placed;
  const readyAt = moment.now + (isSlow(type.type) ? moment.databaseMs : 0);
  const { token, sent } = request;
  return ok({
    id,
    facts: [{
      fact: "Created",
      at: moment.now,
      readyAt,
      id,
      type: type.type,
      token,
      ...sent,
      ...placed.value,
    }],
  });
}

function decideUpdate(
  cloud: CloudState,
  request: Update,
  type: SimType,
  moment: Moment,
): Result<Decision, Refusal> {
  const repeated = repeat(cloud, request, moment);
  if (repeated !== undefined) return repeated;
  const before = presentObject(cloud, request);
  if (before === undefined) return refuse("NotFound", "it does not exist");
  if (moment.now < before.readyAt) {
    return refuseFor("NotReady", "it is still being created", before.readyAt - moment.now);
  }
  const blocked = blockedBy(before, request);
  if (blocked !== undefined) return blocked;
  const { fields } = request.sent;
  const fixed = fixedField(type.sections, before.fields, fields);
  if (fixed !== undefined) return refuse("ConstraintViolated", `"${fixed}" cannot change once it is made`);
  const placed = place(cloud, { type, id: before.id, fields, before });
  if (!placed.ok) return placed;
  const { token, sent } = request;
  return ok({
    id: before.id,
    facts: [{ fact: "Updated", at: moment.now, id: before.id, token, ...sent, ...placed.value }],
  });
}

function decideDelete(cloud: CloudState, request: Delete, moment: Moment): Result<Decision, Refusal> {
  const before = presentObject(cloud, request);
  if (before === undefined || before.status === "leaving") return ok({ id: request.id, facts: [] });
  const blocked = blockedBy(before, request) ?? inUse(cloud, before);
  if (blocked !== undefined) return blocked;
  const { id, token } = request;
  const at = moment.now;
  if (!isSlow(before.type)) return ok({ id, facts: [{ fact: "Deleted", at, id, token }] });
  const goneAt = Math.max(at, before.readyAt) + moment.databaseMs;
  return ok({ id, facts: [{ fact: "DeleteBegan", at, goneAt, id, token }] });
}

/** What a token that was used before leads to: the same object for the same inputs, else a refusal. */
function repeat(
  cloud: CloudState,
  request: Create | Update,
  moment: Moment,
): Result<Decision, Refusal> | undefined {
  const use = cloud.tokens.get(request.token);
  if (use === undefined || moment.now - use.at >= TOKEN_LIFETIME_MS) return undefined;
  const object = cloud.objects.get(use.id);
  invariant(object !== undefined, "A token names an object that never was");
  const isSame = use.operation === request.operation && object.type === request.type &&
    use.inputs === request.sent.inputs && (request.operation === "create" || request.id === use.id);
  if (!isSame) return refuse("InvalidConfig", "its token was used before with other inputs");
  if (object.status === "live") return ok({ id: use.id, facts: [] });
  return refuse("Conflict", `its token belongs to "${use.id}", which has been deleted since`);
}

/** Fills in and checks: references first, then the rules of the type. */
function place(
  cloud: CloudState,
  wanted: {
    readonly type: SimType;
    readonly id: string;
    readonly fields: ValueRecord;
    readonly before: CloudObject | undefined;
  },
): Result<Placed, Refusal> {
  const { type, fields } = wanted;
  for (const { path, target, id } of referencesOf(type.sections, fields)) {
    const named = cloud.objects.get(id);
    if (named === undefined || named.status === "gone") {
      return refuse("ConstraintViolated", `"${path}" names "${id}", which does not exist`);
    }
    if (named.type !== target) {
      return refuse("ConstraintViolated", `"${path}" names "${id}", a ${named.type}, wanted a ${target}`);
    }
    if (named.status === "leaving") {
      return refuse("ConstraintViolated", `"${path}" names "${id}", which is being deleted`);
    }
  }
  const rules = PLACEMENTS.get(type.type);
  invariant(rules !== undefined, `The sim cloud has no rules for ${type.type}`);
  const placed = rules(cloud, { ...wanted, type: type.type });
  if (!placed.ok) return placed;
  const outputs = markEchoes(placed.value.outputs, secretsOf(placed.value.fields));
  return ok({ fields: placed.value.fields, outputs: lastingOutputs(type, outputs, wanted.before) });
}

/** `outputs` with those that outlive updates as they were before. */
function lastingOutputs(type: SimType, outputs: ValueRecord, before: CloudObject | undefined): ValueRecord {
  if (before === undefined) return outputs;
  const lasting = type.outputs.filter((each) => each.immutable).map((each) => each.name);
  return record(
    Object.entries(outputs).map(([name, value]) =>
      [name, lasting.includes(name) ? before.outputs[name] ?? value : value] as const
    ),
  );
}

/** Why the object cannot be touched: it is leaving, or it is not the one that was read. */
function blockedBy(object: CloudObject, request: Update | Delete) {
  if (object.status === "leaving") return refuse("Conflict", "it is being deleted");
  const { precondition } = request;
  if (precondition === null || precondition === String(object.generation)) return undefined;
  return refuse(
    "PreconditionFailed",
    `it has changed since it was read: found generation ${object.generation}, wanted ${precondition}`,
  );
}

const SHOWN_USERS = 3;

function inUse(cloud: CloudState, object: CloudObject) {
  const users = [...cloud.users.get(object.id) ?? []].filter((id) => id !== object.id);
  if (users.length === 0) return undefined;
  const shown = users.slice(0, SHOWN_USERS).join(", ");
  const rest = users.length > SHOWN_USERS ? ` and ${users.length - SHOWN_USERS} more` : "";
  return refuse("InUse", `it is in use by ${shown}${rest}`);
}

/** The first immutable field that differs; a computed one that is not given stays as it is. */
function fixedField(
  sections: readonly SectionSchema[],
  before: ValueRecord,
  after: ValueRecord,
): string | undefined {
  for (const section of sections) {
    const old = section.name === "" ? before : before[section.name];
    const wanted = section.name === "" ? after : after[section.name];
    for (const field of section.fields) {
      if (!field.immutable || field.writeOnly) continue;
      if (isMoved(field, isRecord(old) ? old : {}, isRecord(wanted) ? wanted : {})) return field.name;
    }
  }
  return undefined;
}

function isMoved(field: FieldSchema, old: ValueRecord, wanted: ValueRecord): boolean {
  const left = old[field.name];
  const right = wanted[field.name];
  if (right === undefined) return left !== undefined && !field.computed;
  return left === undefined || !equalValues(clearValue(left), clearValue(right));
}

function presentObject(cloud: CloudState, request: Update | Delete): CloudObject | undefined {
  const object = cloud.objects.get(request.id);
  return object === undefined || object.type !== request.type || object.status === "gone"
    ? undefined
    : object;
}

/** The first of four candidates in `draw` that no object ever had. */
function freshId(cloud: CloudState, type: SimType, draw: string): string | undefined {
  const candidates = [0, 8, 16, 24].map((start) => `${type.prefix}-${draw.slice(start, start + 8)}`);
  return candidates.find((id) => !cloud.objects.has(id));
}

function isSlow(type: string): boolean {
  return type === "sim.Database";
}
