import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  createStarted,
  createSucceeded,
  deleteStarted,
  facts,
  given,
  live,
  resolved,
  type Step,
  updateStarted,
} from "./_test_environment.ts";
import type { CallFailure } from "./call_failure.ts";
import type { Event } from "./event.ts";
import { isSettledAbsent, statusOf } from "./resource_state.ts";

const FAILURE: CallFailure = { kind: "InUse", retry: "safe", certainty: "notDone", message: "" };

/** A history, and what each of its prefixes leaves: `status openToken liveId deposedIds`. A process may die at each. */
const HISTORIES: Readonly<Record<string, readonly (readonly [Step, string])[]>> = {
  "create": [
    [createStarted("a.x", "t1"), "creating t1 - -"],
    [{ type: "CreateAccepted", address: "a.x", token: "t1", id: "i-1" }, "creating t1 - -"],
    [createSucceeded("a.x", "t1", "i-1"), "live - i-1 -"],
  ],
  "create that fails, and again": [
    [createStarted("a.x", "t1"), "creating t1 - -"],
    [{ type: "CreateFailed", address: "a.x", token: "t1", failure: FAILURE }, "absent - - -"],
    [createStarted("a.x", "t2"), "creating t2 - -"],
    [createSucceeded("a.x", "t2", "i-1"), "live - i-1 -"],
  ],
  "create in doubt, resolved as done": [
    [createStarted("a.x", "t1"), "creating t1 - -"],
    [{ type: "OutcomeUnknown", address: "a.x", token: "t1", failure: FAILURE }, "creating t1 - -"],
    [resolved("a.x", "t1", "done", facts("i-1")), "live - i-1 -"],
  ],
  "P3: create held for not done, made anew, that comes to light late": [
    [createStarted("a.x", "t1"), "creating t1 - -"],
    [resolved("a.x", "t1", "notDone"), "absent - - -"],
    [createStarted("a.x", "t2"), "creating t2 - -"],
    [{ type: "CreateAccepted", address: "a.x", token: "t1", id: "i-1" }, "creating t2 - i-1"],
    [createSucceeded("a.x", "t2", "i-2"), "live - i-2 i-1"],
    [createSucceeded("a.x", "t1", "i-1"), "live - i-2 i-1"],
    [deleteStarted("a.x", "t3", "i-1"), "live t3 i-2 i-1"],
    [{ type: "DeleteSucceeded", address: "a.x", token: "t3", id: "i-1" }, "live - i-2 -"],
  ],
  "update": [
    [updateStarted("a.x", "t2", "i-0"), "updating t2 i-0 -"],
    [{ type: "UpdateSucceeded", address: "a.x", token: "t2", ...facts("i-0") }, "live - i-0 -"],
  ],
  "update that fails": [
    [updateStarted("a.x", "t2", "i-0"), "updating t2 i-0 -"],
    [{ type: "UpdateFailed", address: "a.x", token: "t2", failure: FAILURE }, "live - i-0 -"],
  ],
  "delete": [
    [deleteStarted("a.x", "t2", "i-0"), "deleting t2 i-0 -"],
    [{ type: "DeleteSucceeded", address: "a.x", token: "t2", id: "i-0" }, "absent - - -"],
  ],
  "delete that fails": [
    [deleteStarted("a.x", "t2", "i-0"), "deleting t2 i-0 -"],
    [{ type: "DeleteFailed", address: "a.x", token: "t2", id: "i-0", failure: FAILURE }, "live - i-0 -"],
  ],
  "P11: replace, the new one first": [
    [createStarted("a.x", "t2", { replaces: "i-0" }), "creating t2 i-0 -"],
    [createSucceeded("a.x", "t2", "i-1"), "live - i-1 i-0"],
    [deleteStarted("a.x", "t3", "i-0"), "live t3 i-1 i-0"],
    [{ type: "DeleteSucceeded", address: "a.x", token: "t3", id: "i-0" }, "live - i-1 -"],
  ],
  "P11: replace whose create fails": [
    [createStarted("a.x", "t2", { replaces: "i-0" }), "creating t2 i-0 -"],
    [{ type: "CreateFailed", address: "a.x", token: "t2", failure: FAILURE }, "live - i-0 -"],
  ],
  "P11: replace whose delete fails, then the live one goes too": [
    [createStarted("a.x", "t2", { replaces: "i-0" }), "creating t2 i-0 -"],
    [createSucceeded("a.x", "t2", "i-1"), "live - i-1 i-0"],
    [deleteStarted("a.x", "t3", "i-0"), "live t3 i-1 i-0"],
    [{ type: "DeleteFailed", address: "a.x", token: "t3", id: "i-0", failure: FAILURE }, "live - i-1 i-0"],
    [deleteStarted("a.x", "t4", "i-1"), "deleting t4 i-1 i-0"],
    [{ type: "DeleteSucceeded", address: "a.x", token: "t4", id: "i-1" }, "absent - - i-0"],
    [{ type: "Forgotten", address: "a.x", id: "i-0" }, "absent - - -"],
  ],
  "replace, the old one first": [
    [deleteStarted("a.x", "t2", "i-0"), "deleting t2 i-0 -"],
    [{ type: "DeleteSucceeded", address: "a.x", token: "t2", id: "i-0" }, "absent - - -"],
    [createStarted("a.x", "t3"), "creating t3 - -"],
    [createSucceeded("a.x", "t3", "i-1"), "live - i-1 -"],
  ],
  "found gone": [
    [{ type: "Observed", address: "a.x", id: "i-0", found: null }, "absent - - -"],
  ],
  "tainted and healed": [
    [{ type: "Tainted", address: "a.x", reason: "odd" }, "tainted - i-0 -"],
    [{ type: "Untainted", address: "a.x" }, "live - i-0 -"],
  ],
};

/** First words of histories that begin without an object; all others begin with `i-0`. */
const FROM_NOTHING: readonly string[] = ["create", "P3:"];

for (const [name, history] of Object.entries(HISTORIES)) {
  const before = FROM_NOTHING.includes(name.split(" ")[0] ?? "") ? [] : live("a.x", "i-0");
  for (let crash = 1; crash <= history.length; crash++) {
    Deno.test(`${name}: a crash after event ${crash} of ${history.length} leaves what is to be done`, () => {
      const steps = history.slice(0, crash).map(([step]) => step);
      const { environment, resource } = given(...before, ...steps);
      strictEqual(brief(resource("a.x")), history[crash - 1]?.[1]);
      const open = [...environment.openTokens.durable];
      const token = resource("a.x").intent?.started.token;
      deepStrictEqual(open, token === undefined ? [] : [[token, "a.x"]]);
      strictEqual(resource("a.x").version, before.length + crash);
    });
  }
}

Deno.test("an update that was done keeps id and incarnation, and takes what was wanted and what was found", () => {
  const needs = [{ address: "a.y", incarnation: 3 }];
  const found = { id: "i-0", fields: { size: 2 }, outputs: { url: "v" }, precondition: "e2" };
  const { resource } = given(
    ...live("a.x", "i-0"),
    updateStarted("a.x", "t2", "i-0", { dependencies: needs, description: { owner: "me" } }),
    { type: "UpdateSucceeded", address: "a.x", token: "t2", ...found },
  );
  const { bindings: _bindings, ...object } = resource("a.x").object ?? {};
  deepStrictEqual(object, {
    ...found,
    type: "sim.Disk",
    schemaVersion: 1,
    account: "1",
    incarnation: 1,
    inputs: { size: 2 },
    reliesSince: 5,
    dependencies: needs,
    triggers: {},
    description: { owner: "me" },
  });
});

Deno.test("each create that succeeds is another incarnation", () => {
  const again: readonly Event[] = [
    createStarted("a.x", "t2", { replaces: "i-0" }),
    createSucceeded("a.x", "t2", "i-1"),
  ];
  const { resource } = given(...live("a.x", "i-0"), ...again);
  strictEqual(resource("a.x").object?.incarnation, 2);
  strictEqual(resource("a.x").deposed[0]?.object.incarnation, 1);
});

Deno.test("P5 a: a replacement that gave the old object again deposes nothing", () => {
  const { resource } = given(
    ...live("a.x", "i-0"),
    createStarted("a.x", "t2", { replaces: "i-0" }),
    createSucceeded("a.x", "t2", "i-0"),
  );
  strictEqual(brief(resource("a.x")), "live - i-0 -");
});

Deno.test("P3: a late object that lives under this address already is not deposed", () => {
  const { resource } = given(
    createStarted("a.x", "t1"),
    resolved("a.x", "t1", "notDone"),
    createStarted("a.x", "t2"),
    createSucceeded("a.x", "t2", "bucket-x"),
    createSucceeded("a.x", "t1", "bucket-x"),
  );
  strictEqual(brief(resource("a.x")), "live - bucket-x -");
});

Deno.test("P3: a late object is known by what its intent wanted, and what its success told", () => {
  const { resource } = given(
    createStarted("a.x", "t1", { inputs: { size: 7 } }),
    resolved("a.x", "t1", "notDone"),
    { type: "CreateAccepted", address: "a.x", token: "t1", id: "i-1" },
    createSucceeded("a.x", "t1", "i-1"),
  );
  const [late] = resource("a.x").deposed;
  strictEqual(late?.reason, "late");
  deepStrictEqual([late.object.inputs, late.object.fields], [{ size: 7 }, { size: 1 }]);
  strictEqual(resource("a.x").deposed.length, 1);
});

Deno.test("what a call has made known is kept with its intent, each step on top of the one before, and ends with it", () => {
  const told = (step: string, facts: Readonly<Record<string, string>>) =>
    ({ type: "Progressed", address: "a.x", token: "t1", step, facts }) as const;
  const begun = [createStarted("a.x", "t1"), told("built", { digest: "d-1" }), told("sent", { tag: "v1" })];
  deepStrictEqual(given(...begun).resource("a.x").intent?.progress, { digest: "d-1", tag: "v1" });
  const ended = given(...begun, createSucceeded("a.x", "t1", "i-1"));
  strictEqual(ended.resource("a.x").intent, undefined);
});

Deno.test("what becomes of an object's past is remembered by its address", () => {
  const { resource } = given(...live("a.x", "i-0"), deleteStarted("a.x", "t2", "i-0"), {
    type: "DeleteSucceeded",
    address: "a.x",
    token: "t2",
    id: "i-0",
  });
  ok(isSettledAbsent(resource("a.x")));
  strictEqual(resource("a.x").version, 4);
});

function brief(state: ReturnType<ReturnType<typeof given>["resource"]>): string {
  const deposed = state.deposed.map((each) => each.object.id).join(",");
  const parts = [state.intent?.started.token, state.object?.id, deposed === "" ? undefined : deposed];
  return [statusOf(state), ...parts.map((part) => part ?? "-")].join(" ");
}

Deno.test("accepted drift is what was sent last from then on, and nothing else of the object moves", () => {
  const accepted = { type: "DriftAccepted", address: "a.x", id: "i-0", inputs: { size: 2 } } as const;
  const { resource } = given(...live("a.x", "i-0"), accepted);
  const before = given(...live("a.x", "i-0")).resource("a.x");
  const object = before.object === undefined ? undefined : { ...before.object, inputs: { size: 2 } };
  deepStrictEqual(resource("a.x"), { ...before, version: before.version + 1, object });
});
