import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  createStarted,
  createSucceeded,
  deleteStarted,
  facts,
  fold,
  given,
  imported,
  KEY,
  live,
  opened,
  resolved,
  RUN,
  runStarted,
  seenIn,
  trustedKey,
  updateStarted,
} from "./_test_environment.ts";
import { admit } from "./admit.ts";
import type { CallFailure } from "./call_failure.ts";
import { Environment, ownerKey } from "./environment.ts";
import type { Event } from "./event.ts";
import { evolveEnvironment, noteRecord } from "./evolve_environment.ts";

const FAILURE: CallFailure = { kind: "Timeout", retry: "never", certainty: "unknown", message: "" };
const ADDRESSES = ["a.x", "a.y"];

const address = fc.constantFrom(...ADDRESSES);
const token = fc.constantFrom("t1", "t2", "t3");
const id = fc.constantFrom("i-1", "i-2");
const run = fc.constantFrom(RUN, "r2");
const key = fc.constantFrom(KEY, "k2");
const needs = fc.constantFrom([], [{ address: "a.x", incarnation: 1 }], [{ address: "a.y", incarnation: 2 }]);

/** Any event, sensible or not. */
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.tuple(address, token, needs, fc.option(id)).map(([at, under, dependencies, replaces]): Event =>
    createStarted(at, under, replaces === null ? { dependencies } : { dependencies, replaces })
  ),
  fc.tuple(address, token, id).map(([at, under, name]): Event => createSucceeded(at, under, name)),
  fc.tuple(address, token, id, needs).map(([at, under, name, dependencies]): Event =>
    updateStarted(at, under, name, { dependencies })
  ),
  fc.tuple(address, token, id).map(([at, under, name]): Event => deleteStarted(at, under, name)),
  fc.tuple(address, token, id).map(([at, under, name]): Event => ({
    type: "DeleteSucceeded",
    address: at,
    token: under,
    id: name,
  })),
  fc.tuple(address, token, id).map(([at, under, name]): Event => ({
    type: "CreateAccepted",
    address: at,
    token: under,
    id: name,
  })),
  fc.tuple(address, token).map(([at, under]): Event => ({
    type: "CreateFailed",
    address: at,
    token: under,
    failure: FAILURE,
  })),
  fc.tuple(address, token, fc.option(id)).map(([at, under, name]): Event =>
    name === null ? resolved(at, under, "notDone") : resolved(at, under, "done", facts(name))
  ),
  fc.tuple(address, token, id).map(([at, under, name]): Event => ({
    type: "UpdateSucceeded",
    address: at,
    token: under,
    ...facts(name),
  })),
  fc.tuple(address, id).map(([at, name]): Event => ({
    type: "Observed",
    address: at,
    id: name,
    found: null,
  })),
  fc.tuple(address, id).map(([at, name]): Event => ({ type: "Forgotten", address: at, id: name })),
  fc.tuple(address, id).map(([at, name]): Event => imported(at, name)),
  fc.tuple(address, address).map(([at, from]): Event => ({ type: "Moved", address: at, from })),
  address.map((at): Event => ({ type: "Protected", address: at })),
  address.map((at): Event => ({ type: "Unprotected", address: at })),
  fc.tuple(run, fc.subarray(ADDRESSES)).map(([name, writes]): Event => runStarted(name, writes)),
  run.map((name): Event => ({ type: "RunBroken", run: name, reason: "silent" })),
  fc.constant<Event>({ type: "RunFinished", outcome: "failed" }),
  key.map((name): Event => ({ type: "KeyTrusted", key: trustedKey(name) })),
  key.map((name): Event => ({ type: "KeyRevoked", keyId: name, reason: "test" })),
  fc.constant<Event>({ type: "SecretsRotated", active: "d2" }),
  fc.constant<Event>(opened()),
);

const entry = fc.record({ event, run, key });
const history = fc.array(entry, { maxLength: 40 });

type Entry = typeof entry extends fc.Arbitrary<infer T> ? T : never;

Deno.test("drafts that are committed now and then give the fold of each event alone", () => {
  fc.assert(fc.property(history, fc.array(fc.boolean()), (entries, commits) => {
    const direct = openedEnvironment();
    const drafted = openedEnvironment();
    for (const [nth, each] of entries.entries()) {
      fold(direct, each.event, each, nth);
      draft(drafted, each, nth);
      if (commits[nth] === true) drafted.commit();
    }
    drafted.commit();
    deepStrictEqual(everything(drafted), everything(direct));
  }));
});

Deno.test("a draft that is discarded leaves nothing, and is seen by nobody before", () => {
  fc.assert(fc.property(history, history, (kept, discarded) => {
    const environment = openedEnvironment();
    for (const [nth, each] of kept.entries()) fold(environment, each.event, each, nth);
    const before = structuredClone(everything(environment));
    for (const [nth, each] of discarded.entries()) draft(environment, each, nth);
    deepStrictEqual(everything(environment), before);
    environment.discard();
    environment.commit();
    deepStrictEqual(everything(environment), before);
  }));
});

Deno.test("every index says what the resources say, whatever was folded", () => {
  fc.assert(fc.property(history, (entries) => {
    const environment = openedEnvironment();
    for (const [nth, each] of entries.entries()) fold(environment, each.event, each, nth);
    requireOwners(environment);
    requireDependents(environment);
  }));
});

Deno.test("of what was admitted: one open intent a token, nothing both lives and is deposed, claims do not overlap", () => {
  fc.assert(fc.property(fc.array(entry, { maxLength: 80 }), (entries) => {
    const environment = openedEnvironment();
    for (const [nth, each] of entries.entries()) {
      const context = { run: each.run, keyId: each.key, decidedOn: new Map<string, number>() };
      if (admit(environment, each.event, context) === undefined) fold(environment, each.event, each, nth);
    }
    requireTokens(environment);
    requireApart(environment);
    requireAdmin(environment);
  }));
});

Deno.test("folding n events takes time in proportion to n", () => {
  const environment = openedEnvironment();
  const count = 20_000;
  for (let nth = 0; nth < count; nth++) fold(environment, createStarted(`a.x${nth}`, `t${nth}`), {}, nth);
  strictEqual(environment.openTokens.durable.size, count);
});

Deno.test("a run is heard of with each of its records", () => {
  const { environment } = given(createStarted("a.x", "t1"), { as: { run: "r2" } }, runStarted("r2", ["b.z"]));
  const seqs = [...environment.liveRuns.durable].map((
    [name, state],
  ) => [name, state.lastSeq, state.startedAt]);
  deepStrictEqual(seqs, [[RUN, 3, "at 2"], ["r2", 4, "at 4"]]);
});

Deno.test("P5 d: an object that another address holds already taints, and stops doing so when settled", () => {
  const shared = given(...live("a.x", "i-1"), ...live("a.y", "i-1").map(renamed));
  strictEqual(shared.resource("a.y").taint, "its id is held by another address too");
  strictEqual(shared.resource("a.x").taint, undefined);
  const holders = shared.environment.owners.durable.get(ownerKey("sim.Disk", "1", "i-1"));
  deepStrictEqual([...holders ?? []], ["a.x", "a.y"]);
});

function renamed(each: Event): Event {
  return "token" in each ? { ...each, token: `${each.token} again` } : each;
}

function openedEnvironment(): Environment {
  const environment = new Environment();
  fold(environment, opened([trustedKey(KEY), trustedKey("k2")]), {}, 0);
  return environment;
}

function draft(environment: Environment, each: Entry, seq: number): void {
  const record = { seq, at: `at ${seq}`, run: each.run, keyId: each.key };
  evolveEnvironment(environment, each.event, record);
  noteRecord(environment, record);
}

function everything(environment: Environment): unknown {
  return { ...seenIn(environment), denied: environment.deniedTokens.durable };
}

function requireOwners(environment: Environment): void {
  const wanted = new Map<string, Set<string>>();
  for (const [at, state] of environment.resources.durable) {
    for (const object of [state.object, ...state.deposed.map((each) => each.object)]) {
      if (object === undefined) continue;
      const name = ownerKey(object.type, object.account, object.id);
      wanted.set(name, (wanted.get(name) ?? new Set()).add(at));
    }
  }
  deepStrictEqual(new Map(environment.owners.durable), wanted);
}

function requireDependents(environment: Environment): void {
  const wanted = new Map<string, Set<string>>();
  for (const [at, { deposed, intent, object }] of environment.resources.durable) {
    const started = intent === undefined || intent.started.type === "DeleteStarted"
      ? undefined
      : intent.started;
    for (const relying of [object, started, ...deposed.map((each) => each.object)]) {
      for (const { address: target } of relying?.dependencies ?? []) {
        wanted.set(target, (wanted.get(target) ?? new Set()).add(at));
      }
    }
  }
  deepStrictEqual(new Map(environment.dependents.durable), wanted);
}

function requireTokens(environment: Environment): void {
  const open = [...environment.resources.durable].flatMap(([at, { intent }]) =>
    intent === undefined ? [] : [[intent.started.token, at] as const]
  );
  deepStrictEqual(environment.openTokens.durable, new Map(open));
  strictEqual(environment.openTokens.durable.size, open.length);
}

function requireApart(environment: Environment): void {
  for (const { deposed, object } of environment.resources.durable.values()) {
    const ids = [...deposed.map((each) => each.object.id), ...(object === undefined ? [] : [object.id])];
    strictEqual(new Set(ids).size, ids.length);
  }
  const writes = [...environment.liveRuns.durable.values()].flatMap((state) => [...state.writes]);
  strictEqual(new Set(writes).size, writes.length);
}

function requireAdmin(environment: Environment): void {
  const admins = [...environment.keys.durable.values()].filter((state) =>
    !state.isRevoked && state.key.roles.includes("admin")
  );
  strictEqual(admins.length > 0, environment.facts !== undefined);
}
