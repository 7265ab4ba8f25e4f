import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  createStarted,
  createSucceeded,
  given,
  imported,
  live,
  RUN,
  runStarted,
} from "./_test_environment.ts";
import { ownerKey } from "./environment.ts";
import type { Event } from "./event.ts";

const moved = (address: string, from: string): Event => ({ type: "Moved", address, from });
const needsX = { dependencies: [{ address: "a.x", incarnation: 1 }] };
const ALL = runStarted("all", ["a.x", "a.y", "a.z"]);
/** A run that claims three addresses goes on. */
const claimed: readonly (Event | { readonly as: { readonly run: string } })[] = [
  { type: "RunFinished", outcome: "succeeded" },
  { as: { run: "all" } },
  ALL,
];

Deno.test("a move takes along object, old objects, taint and protection, and leaves nothing behind", () => {
  const before = given(
    ...claimed,
    ...live("a.x", "i-1"),
    createStarted("a.x", "again", { replaces: "i-1" }),
    createSucceeded("a.x", "again", "i-2"),
    { type: "Protected", address: "a.x" },
    { type: "Tainted", address: "a.x", reason: "broken" },
  );
  const source = before.resource("a.x");
  const after = given(
    ...claimed,
    ...live("a.x", "i-1"),
    createStarted("a.x", "again", { replaces: "i-1" }),
    createSucceeded("a.x", "again", "i-2"),
    { type: "Protected", address: "a.x" },
    { type: "Tainted", address: "a.x", reason: "broken" },
    moved("a.z", "a.x"),
  );
  deepStrictEqual(after.resource("a.z"), { ...source, address: "a.z", version: 1 });
  const left = after.resource("a.x");
  deepStrictEqual([left.object, left.deposed, left.taint, left.isProtected], [
    undefined,
    [],
    undefined,
    false,
  ]);
  strictEqual(left.version, source.version + 1);
  const { owners } = after.environment;
  for (const id of ["i-1", "i-2"]) {
    deepStrictEqual([...owners.members(ownerKey("sim.Disk", "1", id))], ["a.z"]);
  }
});

Deno.test("after a move those who relied on the old address rely on the new one, at the same incarnation", () => {
  const { resource, environment } = given(
    ...claimed,
    ...live("a.x", "i-1"),
    ...live("a.y", "i-2", {
      ...needsX,
      bindings: [{ path: "net", from: ["a.x"], source: "id" }],
    }),
    moved("a.z", "a.x"),
  );
  deepStrictEqual(resource("a.y").object?.dependencies, [{ address: "a.z", incarnation: 1 }]);
  deepStrictEqual(resource("a.y").object?.bindings[0]?.from, ["a.z"]);
  strictEqual(resource("a.y").version, 2);
  deepStrictEqual([...environment.dependents.members("a.x")], []);
  deepStrictEqual([...environment.dependents.members("a.z")], ["a.y"]);
});

Deno.test("after a move an intent in doubt names the new address, with the inputs that were sent", () => {
  const { resource } = given(
    ...claimed,
    ...live("a.x", "i-1"),
    createStarted("a.y", "t", needsX),
    moved("a.z", "a.x"),
  );
  const started = resource("a.y").intent?.started;
  deepStrictEqual(started, createStarted("a.y", "t", { dependencies: [{ address: "a.z", incarnation: 1 }] }));
});

Deno.test("after a move what an intent in doubt makes is bound to the new address and replaced with it", () => {
  const relations = {
    ...needsX,
    bindings: [{ path: "net", from: ["a.x"], source: "id" }],
    triggers: { "a.x.arn": '"one"' },
  };
  const { resource } = given(
    ...claimed,
    ...live("a.x", "i-1"),
    createStarted("a.y", "t", relations),
    moved("a.z", "a.x"),
    createSucceeded("a.y", "t", "i-2"),
  );
  const { bindings, triggers } = resource("a.y").object ?? {};
  deepStrictEqual([bindings?.[0]?.from, triggers], [["a.z"], { "a.z.arn": '"one"' }]);
});

Deno.test("admit() lets a move pass only onto an address that holds nothing, from one that rests", () => {
  const there = given(...claimed, ...live("a.x", "i-1"), ...live("a.y", "i-2"));
  const who = { run: "all" };
  deepStrictEqual(there.when(moved("a.y", "a.x"), who), { kind: "AlreadyLives", address: "a.y", id: "i-2" });
  deepStrictEqual(there.when(moved("a.x", "a.x"), who), { kind: "AlreadyLives", address: "a.x", id: "i-1" });
  deepStrictEqual(there.when(moved("a.x", "a.z"), who), { kind: "AlreadyLives", address: "a.x", id: "i-1" });
  strictEqual(there.when(moved("a.z", "a.x"), who), undefined);
  const busy = given(...claimed, ...live("a.x", "i-1"), {
    type: "DeleteStarted",
    address: "a.x",
    token: "d",
    id: "i-1",
    deadlineMs: 1,
  });
  deepStrictEqual(busy.when(moved("a.z", "a.x"), who), { kind: "IntentOpen", address: "a.x" });
  const empty = given(...claimed);
  deepStrictEqual(empty.when(moved("a.z", "a.x"), who), { kind: "NoSuchObject", address: "a.x", id: "" });
});

Deno.test("P16: admit() wants both addresses of a move claimed", () => {
  const { when } = given(...live("a.x", "i-1"));
  deepStrictEqual(when(moved("a.z", "a.x"), { run: RUN }), { kind: "NotClaimed", address: "a.z" });
  const other = given({ as: { run: "r2" } }, runStarted("r2", ["a.z"]));
  deepStrictEqual(other.when(moved("a.z", "a.x"), { run: "r2" }), { kind: "NotClaimed", address: "a.x" });
  deepStrictEqual(other.when(moved("a.z", "a.x"), { run: "gone" }), { kind: "RunNotLive", run: "gone" });
});

Deno.test("an import makes an object live that relies on nothing yet, under the next incarnation", () => {
  const { resource } = given(imported("a.x", "i-9"));
  const { object, incarnation } = resource("a.x");
  deepStrictEqual([object?.id, object?.incarnation, incarnation], ["i-9", 1, 1]);
  deepStrictEqual([object?.dependencies, object?.description], [[], {}]);
});

Deno.test("admit() lets an import take over nothing that an address holds, and take the place of nothing", () => {
  const { when } = given(...live("a.x", "i-1"));
  deepStrictEqual(when(imported("a.y", "i-1")), {
    kind: "SharedId",
    address: "a.y",
    id: "i-1",
    holders: ["a.x"],
  });
  deepStrictEqual(when(imported("a.x", "i-9")), { kind: "AlreadyLives", address: "a.x", id: "i-1" });
  strictEqual(when(imported("a.y", "i-9")), undefined);
});
