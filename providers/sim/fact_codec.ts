import { isJsonObject, type Json, parseJson } from "../../engine/json.ts";
import type { ValueRecord } from "../../engine/value.ts";
import type { AccountKey } from "./account_key.ts";
import type { CloudRequest, Fact, StoredFact } from "./fact.ts";
import { simType } from "./sim_types.ts";

/** Writes a fact as one line of the journal, without its newline. */
export function writeFact(fact: Fact<ValueRecord>, key: AccountKey): string {
  return JSON.stringify(mapFields(fact, (fields) => key.seal(fields)));
}

/** Reads one line of the journal; `undefined` when it holds no fact of this format. */
export function parseFact(line: string): StoredFact | undefined {
  const json = parseJson(line);
  return json !== undefined && isFact(json) ? json as unknown as StoredFact : undefined;
}

/** A stored fact as the cloud takes it in. Throws when a secret in it does not open under `key`. */
export function openFact(stored: StoredFact, key: AccountKey): Fact<ValueRecord> {
  return mapFields(stored, (fields) => key.open(fields));
}

/** The same fact with its fields and outputs held in another way. */
function mapFields<From, To>(fact: Fact<From>, change: (fields: From) => To): Fact<To> {
  if (fact.fact === "Created" || fact.fact === "Updated") {
    return { ...fact, fields: change(fact.fields), outputs: change(fact.outputs) };
  }
  return fact.fact === "RequestHeld" ? { ...fact, request: mapRequest(fact.request, change) } : fact;
}

function mapRequest<From, To>(request: CloudRequest<From>, change: (fields: From) => To): CloudRequest<To> {
  if (request.operation === "delete") return request;
  return { ...request, sent: { ...request.sent, fields: change(request.sent.fields) } };
}

type Shape = Readonly<Record<string, "text" | "number" | "object" | "any">>;

const CHANGE: Shape = {
  id: "text",
  token: "text",
  inputs: "text",
  fields: "object",
  digests: "object",
  outputs: "object",
};

/** What each kind of fact must hold beside `fact` and `at`. */
const SHAPES: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ["Opened", { account: "text", format: "number" }],
  ["Created", { ...CHANGE, type: "text", readyAt: "number" }],
  ["Updated", CHANGE],
  ["DeleteBegan", { id: "text", token: "text", goneAt: "number" }],
  ["Deleted", { id: "text", token: "text" }],
  ["RequestHeld", { notBefore: "number", request: "object" }],
  ["RequestSettled", { token: "text", failure: "any" }],
  ["FaultMet", { rule: "text" }],
]);

function isFact(json: Json): boolean {
  if (!isJsonObject(json) || typeof json["at"] !== "number") return false;
  const { fact, type, format } = json;
  const shape = typeof fact === "string" ? SHAPES.get(fact) : undefined;
  if (shape === undefined || Object.keys(json).length !== Object.keys(shape).length + 2) return false;
  if (typeof type === "string" && simType(type) === undefined) return false;
  if (format !== undefined && format !== 1) return false;
  return Object.entries(shape).every(([name, kind]) => hasKind(json[name], kind));
}

function hasKind(value: Json | undefined, kind: "text" | "number" | "object" | "any"): boolean {
  if (value === undefined) return false;
  if (kind === "text") return typeof value === "string";
  if (kind === "number") return typeof value === "number";
  return kind === "any" || isJsonObject(value);
}
