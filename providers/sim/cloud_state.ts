import type { ValueRecord } from "../../engine/value.ts";
import { unreachable } from "../../engine/invariant.ts";
import { claimsOf } from "./claims.ts";
import type { CloudRequest, Created, Fact, Updated } from "./fact.ts";
import { referencesOf } from "./references.ts";
import { simType } from "./sim_types.ts";

/** An object of the sim cloud at one moment. A change makes a new value that remembers the one before. */
export interface CloudObject {
  readonly id: string;
  readonly type: string;
  readonly token: string;
  readonly status: "live" | "leaving" | "gone";
  readonly createdAt: number;
  readonly readyAt: number;
  /** When this version came to be. */
  readonly at: number;
  /** When it will be gone, or went; `undefined` while nothing says so. */
  readonly goneAt: number | undefined;
  /** 1 after creation, one more with each update. */
  readonly generation: number;
  /** Without the write-only ones. */
  readonly fields: ValueRecord;
  readonly outputs: ValueRecord;
  readonly previous: CloudObject | undefined;
}

/** What a token was used for. */
export interface TokenUse {
  readonly operation: "create" | "update";
  readonly id: string;
  readonly inputs: string;
  readonly at: number;
}

type HeldRequest = { readonly notBefore: number; readonly request: CloudRequest<ValueRecord> };

/**
 * The whole sim cloud, a fold of its facts. It is a structure that its store owns and `evolve` changes in place, so that
 * one fact costs the same however many came before; everyone else only reads.
 */
export interface CloudState {
  account: string;
  /** Every object that ever was, by id. */
  readonly objects: Map<string, CloudObject>;
  /** Ids of every object that ever was, by type, in order of creation. */
  readonly made: Map<string, string[]>;
  /** The same without those that are gone. */
  readonly present: Map<string, Set<string>>;
  /** Ids of the objects that a create under a token made. */
  readonly bearers: Map<string, string[]>;
  readonly tokens: Map<string, TokenUse>;
  /** Ids of present objects that name an id. */
  readonly users: Map<string, Set<string>>;
  /** Who holds what only one can have: a name, an address, a range. */
  readonly holders: Map<string, string>;
  /** How many objects share what many can have. */
  readonly counts: Map<string, number>;
  /** The objects on their way out, by id, with the token of the delete. */
  readonly leaving: Map<string, string>;
  /** Requests taken and not yet acted on, by token. */
  readonly held: Map<string, HeldRequest>;
  /** How many calls met each counting fault rule. */
  readonly faultCounts: Map<string, number>;
}

/** Makes the cloud before its first fact. */
export function emptyCloud(): CloudState {
  return {
    account: "",
    objects: new Map(),
    made: new Map(),
    present: new Map(),
    bearers: new Map(),
    tokens: new Map(),
    users: new Map(),
    holders: new Map(),
    counts: new Map(),
    leaving: new Map(),
    held: new Map(),
    faultCounts: new Map(),
  };
}

/** Takes `fact` into `cloud`. Total: a fact is true and cannot be refused. */
export function evolve(cloud: CloudState, fact: Fact<ValueRecord>): void {
  switch (fact.fact) {
    case "Opened":
      cloud.account = fact.account;
      return;
    case "Created":
      return takeCreated(cloud, fact);
    case "Updated":
      return takeUpdated(cloud, fact);
    case "DeleteBegan":
      cloud.leaving.set(fact.id, fact.token);
      return replace(cloud, fact.id, { status: "leaving", at: fact.at, goneAt: fact.goneAt });
    case "Deleted":
      return takeDeleted(cloud, fact.id, fact.at);
    case "RequestHeld":
      cloud.held.set(fact.request.token, { notBefore: fact.notBefore, request: fact.request });
      return;
    case "RequestSettled":
      cloud.held.delete(fact.token);
      return;
    case "FaultMet":
      cloud.faultCounts.set(fact.rule, (cloud.faultCounts.get(fact.rule) ?? 0) + 1);
      return;
    default:
      return unreachable(fact);
  }
}

/** The object as it was at `instant`: `undefined` when it did not exist yet, or was gone. */
export function objectAt(object: CloudObject, instant: number): CloudObject | undefined {
  let version: CloudObject | undefined = object;
  while (version !== undefined && version.at > instant) version = version.previous;
  return version?.status === "gone" ? undefined : version;
}

function takeCreated(cloud: CloudState, fact: Created<ValueRecord>): void {
  const { id, type, token, readyAt, fields, outputs, at } = fact;
  const object: CloudObject = {
    id,
    type,
    token,
    status: "live",
    createdAt: at,
    readyAt,
    at,
    goneAt: undefined,
    generation: 1,
    fields,
    outputs,
    previous: undefined,
  };
  cloud.objects.set(id, object);
  listIn(cloud.made, type).push(id);
  setIn(cloud.present, type).add(id);
  listIn(cloud.bearers, token).push(id);
  cloud.tokens.set(token, { operation: "create", id, inputs: fact.inputs, at });
  enter(cloud, object);
}

function takeUpdated(cloud: CloudState, fact: Updated<ValueRecord>): void {
  const { id, fields, outputs, at } = fact;
  const before = cloud.objects.get(id);
  if (before === undefined) return;
  leave(cloud, before);
  replace(cloud, id, { fields, outputs, at, generation: before.generation + 1 });
  const after = cloud.objects.get(id);
  if (after !== undefined) enter(cloud, after);
  cloud.tokens.set(fact.token, { operation: "update", id, inputs: fact.inputs, at });
}

function takeDeleted(cloud: CloudState, id: string, at: number): void {
  const before = cloud.objects.get(id);
  if (before === undefined || before.status === "gone") return;
  leave(cloud, before);
  cloud.leaving.delete(id);
  setIn(cloud.present, before.type).delete(id);
  replace(cloud, id, { status: "gone", at, goneAt: at });
}

function replace(cloud: CloudState, id: string, change: Partial<CloudObject>): void {
  const before = cloud.objects.get(id);
  if (before !== undefined) cloud.objects.set(id, { ...before, ...change, previous: before });
}

function enter(cloud: CloudState, object: CloudObject): void {
  for (const target of targetsOf(object)) setIn(cloud.users, target).add(object.id);
  const { held, shared } = claimsOf(object);
  for (const key of held) cloud.holders.set(key, object.id);
  for (const key of shared) cloud.counts.set(key, (cloud.counts.get(key) ?? 0) + 1);
}

function leave(cloud: CloudState, object: CloudObject): void {
  for (const target of targetsOf(object)) {
    const users = cloud.users.get(target);
    users?.delete(object.id);
    if (users?.size === 0) cloud.users.delete(target);
  }
  const { held, shared } = claimsOf(object);
  for (const key of held) if (cloud.holders.get(key) === object.id) cloud.holders.delete(key);
  for (const key of shared) {
    const rest = (cloud.counts.get(key) ?? 0) - 1;
    if (rest > 0) cloud.counts.set(key, rest);
    else cloud.counts.delete(key);
  }
}

function targetsOf(object: CloudObject): readonly string[] {
  const type = simType(object.type);
  return type === undefined ? [] : referencesOf(type.sections, object.fields).map((each) => each.id);
}

function listIn(map: Map<string, string[]>, key: string): string[] {
  const existing = map.get(key);
  if (existing !== undefined) return existing;
  const made: string[] = [];
  map.set(key, made);
  return made;
}

function setIn(map: Map<string, Set<string>>, key: string): Set<string> {
  const existing = map.get(key);
  if (existing !== undefined) return existing;
  const made = new Set<string>();
  map.set(key, made);
  return made;
}
