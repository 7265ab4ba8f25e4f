import { deepStrictEqual, ok } from "node:assert/strict";
import { arriveByMoves } from "./arrivals.ts";
import type { EnvironmentView } from "./environment.ts";
import { planProblems } from "./plan_problems.ts";
import { movesBack, planRollback, type RollbackPlan } from "./plan_rollback.ts";
import {
  actionsOf,
  need,
  PlanningWorld,
  sentFields,
  testSchema,
  wantedConfig,
} from "./planning_fixture_test.ts";
import type { ResourceSchema } from "./schema.ts";

function rollback(
  world: PlanningWorld,
  past: EnvironmentView,
  schemas: (type: string) => ResourceSchema | undefined = testSchema,
): RollbackPlan {
  const input = world.storedInput();
  const planned = planRollback({ ...input, before: input.state, schemas, arrivals: new Map(), past });
  ok(planned.ok);
  return planned.value;
}

function losses({ irreversible }: RollbackPlan): readonly string[] {
  return irreversible.map(({ address, kind }) => `${kind} ${address}`);
}

const NET = wantedConfig("t.net", { fields: { label: "first" } });
const CHILD = wantedConfig("t.child", { fields: { kind: "first" }, needs: [need("t.net", "id", "parent")] });

Deno.test("planRollback() updates what changed, makes what is gone, deletes what came since, and tells what is lost", () => {
  const world = new PlanningWorld();
  world.bring([NET, CHILD, wantedConfig("t.old")]);
  const past = world.snapshot();
  world.bring([
    wantedConfig("t.net", { fields: { label: "second" } }),
    wantedConfig("t.child", { fields: { kind: "second" }, needs: [need("t.net", "id", "parent")] }),
    wantedConfig("t.new"),
  ]);
  const planned = rollback(world, past);
  deepStrictEqual(actionsOf(planned.plan), [
    "update t.net",
    "create t.old",
    "replace t.child",
    "delete t.new",
  ]);
  deepStrictEqual(losses(planned), ["replaced t.child", "deleted t.new", "remade t.old"]);
  world.apply(planned.plan);
  deepStrictEqual(sentFields(world, "t.net")["label"], "first");
  deepStrictEqual(actionsOf(rollback(world, past).plan), []);
  deepStrictEqual(losses(rollback(world, past)), ["another t.child", "another t.old"]);
});

Deno.test("planRollback() to what is now does nothing and loses nothing", () => {
  const world = new PlanningWorld();
  world.bring([NET, CHILD]);
  const planned = rollback(world, world.snapshot());
  deepStrictEqual([actionsOf(planned.plan), losses(planned)], [[], []]);
});

Deno.test("planRollback() never deletes or replaces what is protected now, nor what that relies on", () => {
  const world = new PlanningWorld();
  world.bring([wantedConfig("t.first"), CHILD, NET]);
  const past = world.snapshot();
  const since = (isProtected: boolean) => [
    wantedConfig("t.ground"),
    wantedConfig("t.kept", { needs: [need("t.ground", "order")], isProtected }),
    wantedConfig("t.child", {
      fields: { kind: "second" },
      needs: [need("t.net", "id", "parent")],
      isProtected,
    }),
    NET,
    wantedConfig("t.new"),
  ];
  const UNPROTECTED = false;
  world.bring(since(UNPROTECTED));
  world.bring(since(!UNPROTECTED));
  const planned = rollback(world, past);
  deepStrictEqual(actionsOf(planned.plan), ["create t.first", "delete t.new"]);
  deepStrictEqual(planProblems(planned.plan, world.view), []);
  deepStrictEqual(losses(planned), [
    "kept t.child",
    "remade t.first",
    "kept t.ground",
    "kept t.kept",
    "deleted t.new",
  ]);
  world.apply(planned.plan);
  ok(world.state("t.kept").isProtected && world.state("t.child").isProtected);
});

Deno.test("planRollback() sets again what the provider had decided where somebody has set it since", () => {
  const world = new PlanningWorld();
  world.bring([NET]);
  const past = world.snapshot();
  world.bring([wantedConfig("t.net", { fields: { label: "first", size: "big" } })]);
  world.apply(rollback(world, past).plan);
  deepStrictEqual([...world.objects.values()].map(({ fields }) => fields["size"]), ["any size"]);
  deepStrictEqual(actionsOf(rollback(world, past).plan), []);
});

Deno.test("planRollback() leaves alone what it does not know as it was, and says so", () => {
  const world = new PlanningWorld();
  world.bring([NET, wantedConfig("t.bucket", { type: "t.Bucket", fields: { name: "b" } })]);
  const past = world.snapshot();
  world.bring([NET, wantedConfig("t.bucket", { fields: { label: "a net now" } })]);
  const planned = rollback(world, past, (type) => type === "t.Bucket" ? undefined : testSchema(type));
  deepStrictEqual([actionsOf(planned.plan), losses(planned)], [[], ["unknown t.bucket"]]);
});

Deno.test("planRollback() takes no mark for replacement for a wish", () => {
  const world = new PlanningWorld();
  world.bring([NET]);
  world.append("somebody", [{ type: "Tainted", address: "t.net", reason: "by hand" }]);
  deepStrictEqual(actionsOf(rollback(world, world.snapshot()).plan), []);
});

Deno.test("movesBack() brings objects to where they were, so that nothing is made or deleted for a name", () => {
  const world = new PlanningWorld();
  world.bring([NET]);
  const past = world.snapshot();
  const claims = { writes: ["t.net", "t.other"], reads: [], host: "h", who: "w", ttlMs: 1 };
  world.append("mover", [{ type: "RunStarted", run: "mover", command: "state mv", ...claims }]);
  world.append("mover", [{ type: "Moved", address: "t.other", from: "t.net" }]);
  world.append("mover", [{ type: "RunFinished", outcome: "succeeded" }]);
  const moves = movesBack(past, world.view);
  deepStrictEqual(moves, [{ from: "t.other", to: "t.net" }]);
  const { state, arrivals } = arriveByMoves(world.view, moves);
  const input = { ...world.storedInput(), state, before: world.view, arrivals, reads: new Map() };
  const planned = planRollback({ ...input, past });
  ok(planned.ok);
  deepStrictEqual(
    planned.value.plan.resources.map(({ address, action, arrival }) => [address, action, arrival?.kind]),
    [
      ["t.net", "none", "moved"],
    ],
  );
  deepStrictEqual(planned.value.irreversible, []);
});
