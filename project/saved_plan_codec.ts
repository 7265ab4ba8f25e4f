/**
 * What a plan was made of as it lies in a file. Values are encoded as in events, secrets sealed. The file is signed, and yet
 * whoever may sign need not have used this codec: what does not have its form is damage.
 */
import type { Arrival } from "../engine/arrivals.ts";
import type { Json, JsonObject } from "../engine/json.ts";
import type { LiveFacts } from "../engine/plan.ts";
import type { PlanSeed, SeedResource } from "../engine/plan_seed.ts";
import { decodeRecord, encodeRecord } from "../engine/value_codec.ts";
import type { Wanted } from "../engine/wanted.ts";

/** Encodes what a plan was made of; it holds no open secret. */
export function encodeSeed(seed: PlanSeed): JsonObject {
  return {
    command: seed.command,
    resources: seed.resources.map(encodeResource),
    beside: seed.beside.map(({ address, read }) => ({ address, read: read && encodeFacts(read) })),
    readSet: [...seed.readSet].map(([address, version]) => ({ address, version })),
    outputs: seed.outputs.map(({ name, address, path }) => ({ name, address, path })),
    leftOut: seed.leftOut,
  };
}

/** What `encodeSeed` writes, once `seedShapeFault` has found no fault in it. */
interface SeedJson extends Omit<PlanSeed, "resources" | "beside" | "readSet"> {
  readonly resources: readonly ResourceJson[];
  readonly beside: readonly { readonly address: string; readonly read: FactsJson | null }[];
  readonly readSet: readonly { readonly address: string; readonly version: number }[];
}

interface ResourceJson extends Pick<SeedResource, "address" | "tier" | "asked" | "ignored"> {
  readonly wanted?: Omit<Wanted, "fields"> & { readonly fields: JsonObject };
  readonly moved?: { readonly from: string };
  readonly imported?: ImportedJson;
  readonly read?: FactsJson | null;
}

interface ImportedJson {
  readonly resourceType: string;
  readonly schemaVersion: number;
  readonly facts: FactsJson;
  readonly inputs: JsonObject;
}

interface FactsJson {
  readonly id: string;
  readonly fields: JsonObject;
  readonly outputs: JsonObject;
  readonly precondition?: string;
}

/** Reads what `encodeSeed` wrote. Throws an `InvariantError` where the shape is right and an encoded value is none. */
export function decodeSeed(json: JsonObject): PlanSeed {
  const { resources, beside, readSet, ...rest } = json as unknown as SeedJson;
  return {
    ...rest,
    resources: resources.map(decodeResource),
    beside: beside.map(({ address, read }) => ({ address, read: read && decodeFacts(read) })),
    readSet: new Map(readSet.map(({ address, version }) => [address, version])),
  };
}

function encodeResource(resource: SeedResource): JsonObject {
  const { address, tier, wanted, ignored, arrival, read, asked } = resource;
  return {
    address,
    tier,
    ignored,
    ...(wanted === undefined ? {} : { wanted: encodeWanted(wanted) }),
    ...(arrival === undefined ? {} : encodeArrival(arrival)),
    ...(read === undefined ? {} : { read: read && encodeFacts(read) }),
    ...(asked === undefined ? {} : { asked }),
  };
}

function decodeResource({ moved, imported, wanted, read, ...rest }: ResourceJson): SeedResource {
  return {
    ...rest,
    asked: rest.asked,
    wanted: wanted && { ...wanted, fields: decodeRecord(wanted.fields) },
    arrival: moved === undefined ? imported && decodeImport(imported) : { kind: "moved", from: moved.from },
    read: read && decodeFacts(read),
  };
}

function encodeWanted({ fields, ...rest }: Wanted): JsonObject {
  return { ...plain(rest), fields: encodeRecord(fields) };
}

function encodeArrival(arrival: Arrival): JsonObject {
  if (arrival.kind === "moved") return { moved: { from: arrival.from } };
  const { resourceType, schemaVersion, facts, inputs } = arrival;
  const imported = { resourceType, schemaVersion, facts: encodeFacts(facts), inputs: encodeRecord(inputs) };
  return { imported };
}

function decodeImport({ facts, inputs, ...rest }: ImportedJson): Arrival {
  return { kind: "imported", ...rest, facts: decodeFacts(facts), inputs: decodeRecord(inputs) };
}

function encodeFacts({ id, fields, outputs, precondition }: LiveFacts): JsonObject {
  return {
    id,
    fields: encodeRecord(fields),
    outputs: encodeRecord(outputs),
    ...(precondition === undefined ? {} : { precondition }),
  };
}

function decodeFacts({ id, fields, outputs, precondition }: FactsJson): LiveFacts {
  return { id, fields: decodeRecord(fields), outputs: decodeRecord(outputs), precondition };
}

/** Plain data as JSON; what is undefined is left out. */
function plain(data: object): Readonly<Record<string, Json>> {
  return JSON.parse(JSON.stringify(data));
}
