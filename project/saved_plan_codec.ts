/**
 * A plan as it lies in a file. Values are encoded as in events; of a secret that is sealed stands its blob and digest, where it
 * is only shown a word. The file is signed: what is read back was written by this codec.
 */
import type { Arrival } from "../engine/arrivals.ts";
import { InvariantError } from "../engine/invariant.ts";
import { isJsonObject, type Json, type JsonObject } from "../engine/json.ts";
import type { Drift, FieldChange, LiveFacts, Plan, PlannedResource } from "../engine/plan.ts";
import type { Step } from "../engine/steps.ts";
import { mapValue, SealedSecret, Secret, type Value, type ValueRecord } from "../engine/value.ts";
import { decodeRecord, decodeValue, encodeRecord, encodeValue } from "../engine/value_codec.ts";
import type { Wanted } from "../engine/wanted.ts";

/** What a run carries out. */
export interface PlannedWork {
  readonly plan: Plan;
  readonly steps: readonly Step[];
}

/** Encodes a plan whose wanted fields, drift and arrivals hold no open secret. */
export function encodePlan({ plan, steps }: PlannedWork): JsonObject {
  const { resources, readSet, outputs, ...rest } = plan;
  return {
    ...plain(rest),
    resources: resources.map(encodeResource),
    readSet: Object.fromEntries(readSet),
    outputs: outputs.map(({ name, before, after }) => ({
      name,
      ...shownPart("before", before),
      ...shownPart("after", after),
    })),
    steps: steps.map(plain),
  };
}

/** Reads what `encodePlan` wrote. */
export function decodePlan(json: JsonObject): PlannedWork {
  const { resources, readSet, outputs, steps, ...rest } = json;
  const plan = {
    ...rest,
    resources: listOf(resources).map(decodeResource),
    readSet: new Map(Object.entries(objectOf(readSet))),
    outputs: listOf(outputs).map((each) => {
      const { name, before, after } = objectOf(each);
      return { name, before: shown(before), after: shown(after) };
    }),
  };
  return {
    plan: plan as unknown as Plan,
    steps: listOf(steps).map((each) => ({ objectId: undefined, ...objectOf(each) }) as unknown as Step),
  };
}

function encodeResource(planned: PlannedResource): JsonObject {
  const { arrival, wanted, bound, changes, drift, missing: _missing, ...rest } = planned;
  return {
    ...plain(rest),
    changes: changes.map(encodeChange),
    ...(arrival === undefined ? {} : { arrival: encodeArrival(arrival) }),
    ...(wanted === undefined ? {} : { wanted: encodeWanted(wanted) }),
    ...(bound === undefined ? {} : { bound: encodeRecord(hidden(bound)) }),
    ...(drift === undefined ? {} : { drift: encodeDrift(drift) }),
  };
}

/** What a plan that can be carried out has not. */
const NOTHING = {
  objectId: undefined,
  unrefreshed: undefined,
  unfit: undefined,
  missing: undefined,
} as const;

function decodeResource(json: Json): PlannedResource {
  const { arrival, wanted, bound, changes, drift, ...rest } = objectOf(json);
  const planned = {
    ...NOTHING,
    ...rest,
    changes: listOf(changes).map(decodeChange),
    arrival: arrival === undefined ? undefined : decodeArrival(objectOf(arrival)),
    wanted: wanted === undefined ? undefined : decodeWanted(objectOf(wanted)),
    bound: bound === undefined ? undefined : decodeRecord(objectOf(bound)),
    drift: drift === undefined ? undefined : decodeDrift(objectOf(drift)),
  };
  return planned as unknown as PlannedResource;
}

function encodeWanted(wanted: Wanted): JsonObject {
  const { fields, ...rest } = wanted;
  return { ...plain(rest), fields: encodeRecord(fields) };
}

function decodeWanted({ fields, ...rest }: JsonObject): Wanted {
  return { ...rest, fields: decodeRecord(objectOf(fields)) } as unknown as Wanted;
}

function encodeArrival(arrival: Arrival): JsonObject {
  if (arrival.kind === "moved") return plain(arrival);
  const { facts, inputs, ...rest } = arrival;
  return { ...plain(rest), facts: encodeFacts(facts), inputs: encodeRecord(inputs) };
}

function decodeArrival(json: JsonObject): Arrival {
  if (json["kind"] === "moved") return json as unknown as Arrival;
  const { facts, inputs, ...rest } = json;
  return {
    ...rest,
    facts: decodeFacts(objectOf(facts)),
    inputs: decodeRecord(objectOf(inputs)),
  } as unknown as Arrival;
}

function encodeDrift({ id, found, changes }: Drift): JsonObject {
  return { id, found: found && encodeFacts(found), changes: changes.map(encodeChange) };
}

function decodeDrift({ id, found, changes }: JsonObject): Drift {
  return {
    id,
    found: found === null ? null : decodeFacts(objectOf(found)),
    changes: listOf(changes).map(decodeChange),
  } as unknown as Drift;
}

function encodeFacts({ id, fields, outputs, precondition }: LiveFacts): JsonObject {
  return {
    id,
    fields: encodeRecord(fields),
    outputs: encodeRecord(outputs),
    ...(precondition === undefined ? {} : { precondition }),
  };
}

function decodeFacts({ id, fields, outputs, precondition }: JsonObject): LiveFacts {
  return {
    id,
    fields: decodeRecord(objectOf(fields)),
    outputs: decodeRecord(objectOf(outputs)),
    precondition,
  } as unknown as LiveFacts;
}

function encodeChange({ before, after, ...rest }: FieldChange): JsonObject {
  return { ...plain(rest), ...shownPart("before", before), ...shownPart("after", after) };
}

function decodeChange(json: Json): FieldChange {
  const { before, after, ...rest } = objectOf(json);
  return { ...rest, before: shown(before), after: shown(after) } as unknown as FieldChange;
}

function shownPart(name: "before" | "after", value: Value | undefined): JsonObject {
  return value === undefined ? {} : { [name]: encodeValue(mapValue(value, hideLeaf)) };
}

function shown(json: Json | undefined): Value | undefined {
  return json === undefined ? undefined : decodeValue(json);
}

function hidden(value: ValueRecord): ValueRecord {
  return decodeRecord(encodeRecord(Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, mapValue(part, hideLeaf)]),
  )));
}

/** A secret where it is only shown: nobody opens it, and it reads `(sensitive)`. */
const HIDDEN = new SealedSecret("", "");

function hideLeaf(leaf: Value): Value {
  return leaf instanceof Secret || leaf instanceof SealedSecret ? HIDDEN : leaf;
}

/** Plain data as JSON; what is undefined is left out. */
function plain(data: object): JsonObject {
  return JSON.parse(JSON.stringify(data));
}

function objectOf(json: Json | undefined): JsonObject {
  if (isJsonObject(json ?? null)) return json as JsonObject;
  throw new InvariantError("A signed plan holds an object there");
}

function listOf(json: Json | undefined): readonly Json[] {
  if (Array.isArray(json)) return json;
  throw new InvariantError("A signed plan holds a list there");
}
