import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import {
  absenceWindowMs,
  type Doubt,
  type FoundObject,
  judgeDoubt,
  type Sighting,
  type Sightings,
  START_WINDOW_MS,
} from "./resolve.ts";
import type { CreateStarted, DeleteStarted, UpdateStarted } from "./resource_event.ts";
import type { WorldSchema } from "./schema.ts";
import { record } from "./value.ts";

const WINDOW_MS = 17_000;
const wanted = { inputs: { size: 1 }, dependencies: [], bindings: [], description: {} };
const create: CreateStarted = {
  ...wanted,
  type: "CreateStarted",
  address: "db.main",
  token: "t1",
  resourceType: "toy.Token",
  schemaVersion: 1,
  account: "a",
  deadlineMs: 5_000,
};
const update: UpdateStarted = {
  ...wanted,
  type: "UpdateStarted",
  address: "db.main",
  token: "t2",
  id: "i-1",
  schemaVersion: 1,
  deadlineMs: 5_000,
};
const remove: DeleteStarted = {
  type: "DeleteStarted",
  address: "db.main",
  token: "t3",
  id: "i-1",
  deadlineMs: 5_000,
};
const tokens: WorldSchema = {
  marker: "token",
  uniqueName: undefined,
  settleMs: 2_000,
  tokenLifetimeMs: 0,
  preconditions: false,
  inProcess: false,
};
const names: WorldSchema = { ...tokens, marker: "name", uniqueName: { section: "", field: "name" } };

function doubt(changes: Partial<Doubt>): Doubt {
  return {
    started: create,
    acceptedId: undefined,
    world: tokens,
    uniqueName: undefined,
    tokenAgeMs: Infinity,
    windowMs: WINDOW_MS,
    isRestored: false,
    isOwned: () => false,
    compare: () => "equal",
    ...changes,
  };
}

function named(changes: Partial<Doubt>): Doubt {
  return doubt({ world: names, uniqueName: "web", started: { ...create, nameWasFree: true }, ...changes });
}

function object(id: string, more: Partial<FoundObject> = {}): FoundObject {
  return { id, fields: record(), outputs: record(), precondition: undefined, ...more };
}

function seen<T>(found: T, sinceEndedMs = 0): Sighting<T> {
  return { kind: "seen", sinceEndedMs, found };
}

const UNSEEN: Sighting<never> = {
  kind: "unseen",
  failure: { kind: "Denied", retry: "never", certainty: "notDone", message: "may not list" },
};

/** The verdict in one word: what is looked at, or what came of it. */
function judge(of: Doubt, sightings: Partial<Sightings>): string {
  const verdict = judgeDoubt(of, { hasResent: false, ...sightings });
  switch (verdict.kind) {
    case "look":
      return `look ${verdict.look.kind}`;
    case "settled":
      return `${verdict.outcome} by ${verdict.evidence}`;
    case "waitUntil":
      return `wait until ${verdict.sinceEndedMs}`;
    case "unknown":
      return "unknown";
  }
}

Deno.test("judgeDoubt() settles what has no world without a look", () => {
  strictEqual(judge(doubt({ world: undefined }), {}), "notDone by noWorld");
});

Deno.test("judgeDoubt() asks in the order known id, token, sending again, name, absence", () => {
  const all = doubt({ acceptedId: "i-1", tokenAgeMs: 0, world: { ...tokens, tokenLifetimeMs: 60_000 } });
  strictEqual(judge(all, {}), "look id");
  strictEqual(judge(all, { id: seen(undefined) }), "look token");
  strictEqual(judge(all, { id: seen(undefined), token: seen([]) }), "look resend");
  strictEqual(
    judge(all, { id: seen(undefined), token: seen([]), hasResent: true }),
    `wait until ${WINDOW_MS}`,
  );
  strictEqual(judge(named({}), {}), "look name");
});

Deno.test("judgeDoubt() believes a known id at once", () => {
  strictEqual(judge(doubt({ acceptedId: "i-1" }), { id: seen(object("i-1")) }), "done by id");
});

Deno.test("P4 a: an empty list from the first look is no proof, however empty", () => {
  strictEqual(judge(doubt({}), { token: seen([], 0) }), `wait until ${WINDOW_MS}`);
  strictEqual(judge(doubt({}), { token: seen([], WINDOW_MS - 1) }), `wait until ${WINDOW_MS}`);
  strictEqual(judge(doubt({}), { token: seen([], WINDOW_MS) }), "notDone by absence");
});

Deno.test("P4 b, c: the window covers a call sent at the end of the start window that takes its whole deadline, and the lag", () => {
  strictEqual(absenceWindowMs(tokens, 5_000, isGone()), START_WINDOW_MS + 5_000 + 2_000);
  strictEqual(
    absenceWindowMs({ ...tokens, inProcess: true }, 5_000, !isGone()),
    START_WINDOW_MS + 5_000 + 2_000,
  );
});

function isGone(): boolean {
  return true;
}

Deno.test("P4 c: there is nothing to wait for in a world that ended with its process, but for the lag of its reads", () => {
  strictEqual(absenceWindowMs({ ...tokens, inProcess: true, settleMs: 0 }, 5_000, isGone()), 0);
  strictEqual(absenceWindowMs(undefined, 5_000, !isGone()), 0);
});

Deno.test("P4 d: how the run ended plays no part: an intent that its own run left in doubt waits as long", () => {
  strictEqual(judge(doubt({}), { token: seen([], WINDOW_MS - 1) }), `wait until ${WINDOW_MS}`);
});

Deno.test("P4 e: a look that says nothing, for want of rights or of an answer, is never an absence", () => {
  strictEqual(judge(doubt({}), { token: UNSEEN }), "unknown");
  strictEqual(judge(named({}), { name: UNSEEN }), "unknown");
  strictEqual(judge(doubt({ started: remove }), { id: UNSEEN }), "unknown");
});

Deno.test("P4 f: presence settles at once, also in the middle of the longest deadline", () => {
  strictEqual(judge(doubt({ windowMs: 2_400_000 }), { token: seen([object("i-9")]) }), "done by token");
});

Deno.test("P5 a: the object that is to be replaced is no evidence that its successor was made", () => {
  const replacing = named({
    started: { ...create, replaces: "i-1", nameWasFree: true },
    isOwned: (id) => id === "i-1",
  });
  strictEqual(judge(replacing, { name: seen([object("i-1")], 0) }), `wait until ${WINDOW_MS}`);
  strictEqual(judge(replacing, { name: seen([object("i-1")], WINDOW_MS) }), "notDone by absence");
});

Deno.test("P5 b: an object that may have had the name before is nobody's proof", () => {
  const taken = named({ started: { ...create, nameWasFree: false } });
  strictEqual(judge(taken, { name: seen([object("b-1")], WINDOW_MS) }), "unknown");
  strictEqual(judge(named({ started: create }), { name: seen([object("b-1")], WINDOW_MS) }), "unknown");
  strictEqual(
    judge(named({ compare: () => "different" }), { name: seen([object("b-1")], WINDOW_MS) }),
    "unknown",
  );
  strictEqual(judge(named({}), { name: seen([object("b-1")], 2_000) }), "done by name");
});

Deno.test("P5 a: an object that was deleted just before, and is still listed by its name, is no evidence", () => {
  strictEqual(judge(named({}), { name: seen([object("i-1")], 1_999) }), "wait until 2000");
});

Deno.test("P5 c: two objects that bear one token are no evidence, nor is one that another resource owns", () => {
  strictEqual(judge(doubt({}), { token: seen([object("i-1"), object("i-2")], WINDOW_MS) }), "unknown");
  strictEqual(judge(doubt({ isOwned: () => true }), { token: seen([object("i-1")], WINDOW_MS) }), "unknown");
});

Deno.test("P5 d: an object that sending again gives, and that another resource owns, is no evidence", () => {
  const upserting = doubt({
    world: { ...tokens, marker: "none", tokenLifetimeMs: 60_000 },
    tokenAgeMs: 0,
    isOwned: (id) => id === "i-1",
  });
  strictEqual(judge(upserting, { hasResent: true, resend: object("i-1") }), "unknown");
  strictEqual(judge(upserting, { hasResent: true, resend: object("i-2") }), "done by resend");
});

Deno.test("P6 b: a token is sent again only within its life, and only after it was looked for and not found", () => {
  const world = { ...tokens, tokenLifetimeMs: 60_000 };
  strictEqual(judge(doubt({ world, tokenAgeMs: 60_000 }), { token: seen([]) }), `wait until ${WINDOW_MS}`);
  strictEqual(judge(doubt({ world, tokenAgeMs: Infinity }), { token: seen([]) }), `wait until ${WINDOW_MS}`);
  strictEqual(judge(doubt({ world, tokenAgeMs: 59_999 }), { token: seen([]) }), "look resend");
  strictEqual(judge(doubt({ world, tokenAgeMs: 0 }), {}), "look token");
  strictEqual(judge(doubt({ world, tokenAgeMs: 0 }), { token: UNSEEN }), "unknown");
});

Deno.test("P6 a: what sending again gives counts only when it lives; a stored failure or a dead object says nothing", () => {
  const of = doubt({ world: { ...tokens, tokenLifetimeMs: 60_000 }, tokenAgeMs: 0 });
  strictEqual(judge(of, { token: seen([]), hasResent: true }), `wait until ${WINDOW_MS}`);
  strictEqual(judge(of, { token: seen([], WINDOW_MS), hasResent: true }), "notDone by absence");
});

Deno.test("judgeDoubt() never settles by absence what bears neither token nor name", () => {
  const none = doubt({ world: { ...tokens, marker: "none" } });
  const verdict = judgeDoubt(none, { hasResent: false });
  strictEqual(verdict.kind, "unknown");
  match(verdict.kind === "unknown" ? verdict.why : "", /neither token nor unique name/);
  const accepted = doubt({ world: { ...tokens, marker: "none" }, acceptedId: "i-1" });
  strictEqual(judge(accepted, { id: seen(undefined, WINDOW_MS) }), "notDone by absence");
});

Deno.test("judgeDoubt() takes an update for done when what lives is what was sent and no look can be older, and for not done only late", () => {
  strictEqual(judge(doubt({ started: update }), {}), "look id");
  strictEqual(judge(doubt({ started: update }), { id: seen(object("i-1")) }), "wait until 2000");
  strictEqual(judge(doubt({ started: update }), { id: seen(object("i-1"), 2_000) }), "done by id");
  const other = doubt({ started: update, compare: () => "different" });
  strictEqual(judge(other, { id: seen(object("i-1"), 0) }), `wait until ${WINDOW_MS}`);
  strictEqual(judge(other, { id: seen(object("i-1"), WINDOW_MS) }), "notDone by id");
  strictEqual(judge(other, { id: seen(undefined, WINDOW_MS) }), "notDone by absence");
});

Deno.test("P20: an update whose fields cannot be read is told by the provider's own precondition", () => {
  const blind = doubt({ started: { ...update, precondition: "7" }, compare: () => "untellable" });
  strictEqual(judge(blind, { id: seen(object("i-1", { precondition: "8" })) }), "wait until 2000");
  strictEqual(judge(blind, { id: seen(object("i-1", { precondition: "8" }), 2_000) }), "done by id");
  strictEqual(judge(blind, { id: seen(object("i-1", { precondition: "7" }), WINDOW_MS) }), "notDone by id");
});

Deno.test("judgeDoubt() takes a delete for done once a look cannot be older than the object, for not done only late", () => {
  const deleting = doubt({ started: remove });
  strictEqual(judge(deleting, { id: seen(undefined, 0) }), "wait until 2000");
  strictEqual(judge(deleting, { id: seen(undefined, 2_000) }), "done by id");
  strictEqual(judge(deleting, { id: seen(object("i-1"), 2_000) }), `wait until ${WINDOW_MS}`);
  strictEqual(judge(deleting, { id: seen(object("i-1"), WINDOW_MS) }), "notDone by id");
});

Deno.test("judgeDoubt() brings what it found, for the log to hold", () => {
  const verdict = judgeDoubt(doubt({}), { hasResent: false, token: seen([object("i-9")]) });
  deepStrictEqual(verdict.kind === "settled" ? verdict.found?.id : undefined, "i-9");
});

Deno.test("P15 b: after a restored log presence settles a call, and neither absence nor sending it again", () => {
  const late = WINDOW_MS + 1;
  const lost = { isRestored: true, tokenAgeMs: 0, world: { ...tokens, tokenLifetimeMs: 60_000 } };
  strictEqual(judge(doubt(lost), { token: seen([object("i-1", { token: "t1" })]) }), "done by token");
  strictEqual(judge(doubt(lost), { token: seen([], late) }), "unknown");
  strictEqual(judge(doubt({ ...lost, isRestored: false }), { token: seen([], late) }), "look resend");
  strictEqual(judge(named({ isRestored: true }), { name: seen([], late) }), "unknown");
  strictEqual(judge(named({ isRestored: true }), { name: seen([object("i-1")], late) }), "done by name");
  strictEqual(
    judge(doubt({ started: update, isRestored: true }), { id: seen(undefined, late) }),
    "unknown",
  );
  // What is to be gone was read, by its own id.
  strictEqual(
    judge(doubt({ started: remove, isRestored: true }), { id: seen(undefined, late) }),
    "done by id",
  );
  strictEqual(judge(doubt({ isRestored: true, world: undefined }), {}), "notDone by noWorld");
});
