import { movedSince } from "./run_logic_claims.ts";
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { stepsOf } from "./plan_steps.ts";
import {
  actionsOf,
  need,
  PlanningWorld,
  type ResourceSketch,
  wantedConfig,
} from "./planning_fixture_test.ts";
import type { Plan } from "./plan.ts";
import type { ResourceConfig } from "./resource_config.ts";
import type { UpdateStarted } from "./resource_event.ts";
import type { Step } from "./steps.ts";

function kinded(address: string, kind: string, sketch: ResourceSketch = {}): ResourceConfig {
  return wantedConfig(address, { ...sketch, fields: { kind, ...sketch.fields } });
}

/** An update made `address` rely on `target`, and nothing else of its run was done. */
function turnRound(world: PlanningWorld, address: string, target: string): void {
  const { object } = world.state(address);
  ok(object !== undefined);
  const { id, fields, outputs, inputs, dependencies } = object;
  const relations = { dependencies: [...dependencies, { address: target, incarnation: 1 }], bindings: [] };
  const run = world.start(world.plan([wantedConfig(address, { fields: { label: 1 } })]));
  const update: UpdateStarted = {
    type: "UpdateStarted",
    address,
    token: "turned round",
    id,
    schemaVersion: 1,
    deadlineMs: 1,
    inputs,
    ...relations,
    description: {},
  };
  world.append(run, [
    update,
    { type: "UpdateSucceeded", address, token: "turned round", id, fields, outputs },
    { type: "RunFinished", outcome: "failed" },
  ]);
}

/** What each step comes after, by way of others too. */
function orderOf(world: PlanningWorld, plan: Plan): ReadonlyMap<string, ReadonlySet<string>> {
  const steps = new Map(stepsOf(plan, world.view).map((each) => [each.id, each]));
  const all = new Map<string, ReadonlySet<string>>();
  const reach = (step: Step): ReadonlySet<string> => {
    const known = all.get(step.id);
    if (known !== undefined) return known;
    const found = new Set(step.after);
    all.set(step.id, found);
    for (const id of step.after) {
      const before = steps.get(id);
      ok(before !== undefined, `${id} is a step`);
      for (const each of reach(before)) found.add(each);
    }
    return found;
  };
  for (const step of steps.values()) ok(!reach(step).has(step.id), `${step.id} does not wait for itself`);
  return all;
}

function assertBefore(world: PlanningWorld, plan: Plan, ...path: readonly string[]): void {
  const order = orderOf(world, plan);
  for (const [index, id] of path.slice(1).entries()) {
    ok(order.get(id)?.has(path[index] ?? ""), `${path[index]} comes before ${id}`);
  }
}

Deno.test("stepsOf() names steps by operation, address and deposed object", () => {
  const world = new PlanningWorld();
  world.bring([kinded("t.a", "1"), wantedConfig("t.b")]);
  const id = world.state("t.a").object?.id;
  const plan = world.plan([kinded("t.a", "2"), wantedConfig("t.c")]);
  deepStrictEqual(
    stepsOf(plan, world.view).map((each) => [each.id, each.objectId, each.tier]),
    [
      ["replace t.a", id, 0],
      [`deleteDeposed t.a ${id}`, id, 0],
      ["create t.c", undefined, 0],
      ["delete t.b", world.state("t.b").object?.id, 1],
    ],
  );
});

Deno.test("stepsOf() makes nothing of what stays", () => {
  const world = new PlanningWorld();
  world.bring([wantedConfig("t.a")]);
  deepStrictEqual(stepsOf(world.plan([wantedConfig("t.a")]), world.view), []);
});

Deno.test("stepsOf() deletes what is relied on after what relied on it was changed, deleted or replaced", () => {
  const world = new PlanningWorld();
  const using = (address: string, to: string, field: string) =>
    kinded(address, "1", { needs: [need(to, "id", field)] });
  const old = [
    wantedConfig("t.net"),
    using("t.kept", "t.net", "parent"),
    using("t.gone", "t.net", "parent"),
    using("t.moved", "t.net", "home"),
  ];
  world.bring(old);
  const moved = world.state("t.moved").object?.id;
  const plan = world.plan([
    wantedConfig("t.new"),
    using("t.kept", "t.new", "parent"),
    using("t.moved", "t.new", "home"),
  ]);
  assertBefore(world, plan, "create t.new", "update t.kept", "delete t.net");
  assertBefore(
    world,
    plan,
    "create t.new",
    "replace t.moved",
    `deleteDeposed t.moved ${moved}`,
    "delete t.net",
  );
  assertBefore(world, plan, "delete t.gone", "delete t.net");
});

Deno.test("stepsOf() forgets what is gone before anything of its type is made, which may bear its id", () => {
  const world = new PlanningWorld();
  world.bring([kinded("t.old", "1"), kinded("t.kept", "1")]);
  world.tamper("t.old", "remove");
  const plan = world.plan([kinded("t.new", "1"), kinded("t.kept", "2")]);
  assertBefore(world, plan, "forget t.old", "create t.new");
  assertBefore(world, plan, "forget t.old", "replace t.kept");
});

Deno.test("stepsOf() deletes a replaced object after all that named it", () => {
  const world = new PlanningWorld();
  const leaves = [
    wantedConfig("t.leaf", { needs: [need("t.net", "id", "parent")] }),
    wantedConfig("t.order", { needs: [need("t.net", "order")] }),
  ];
  world.bring([kinded("t.net", "1"), ...leaves, wantedConfig("t.gone", { needs: [need("t.net", "order")] })]);
  const id = world.state("t.net").object?.id;
  const plan = world.plan([kinded("t.net", "2"), ...leaves]);
  for (const step of ["update t.leaf", "rebind t.order"]) {
    assertBefore(world, plan, "replace t.net", step, `deleteDeposed t.net ${id}`);
  }
  assertBefore(world, plan, "delete t.gone", `deleteDeposed t.net ${id}`);
});

Deno.test("stepsOf() deletes a chain from its end, along the stored dependencies", () => {
  const world = new PlanningWorld();
  const chain = ["t.a", "t.b", "t.c", "t.d"].map((address, index, all) =>
    wantedConfig(address, { needs: index === 0 ? [] : [need(all[index - 1] ?? "", "order")] })
  );
  world.bring(chain);
  const plan = world.plan([], { command: "destroy" });
  deepStrictEqual(world.apply(plan), ["delete t.d", "delete t.c", "delete t.b", "delete t.a"]);
  deepStrictEqual(plan.resources.map((each) => each.tier), [0, 1, 2, 3]);
});

Deno.test("stepsOf() deletes first where the name is unique, under those that stay but not before those that go", () => {
  const world = new PlanningWorld();
  const bucket = (kind: string) => kinded("t.bucket", kind, { type: "t.Bucket", fields: { name: "a" } });
  const leaf = wantedConfig("t.leaf", { needs: [need("t.bucket", "id", "parent")] });
  const gone = wantedConfig("t.gone", { needs: [need("t.bucket", "id", "parent")] });
  world.bring([bucket("1"), leaf, gone]);
  const plan = world.plan([bucket("2"), leaf]);
  assertBefore(world, plan, "delete t.gone", "delete t.bucket", "create t.bucket", "update t.leaf");
});

Deno.test("stepsOf() never lets two steps of one resource overlap", () => {
  const world = new PlanningWorld();
  const net = (kind: string) => kinded("t.net", kind);
  for (const kind of ["1", "2", "3"]) world.bring([net(kind)], { stepLimit: 1 });
  const [first, second] = world.state("t.net").deposed.map((each) => each.object.id);
  const third = world.state("t.net").object?.id;
  const rows = [
    { configs: [net("4")], own: "replace t.net", ids: [first, second, third] },
    { configs: [net("3")], own: undefined, ids: [first, second] },
    { configs: [], own: "delete t.net", ids: [first, second] },
  ];
  for (const { configs, own, ids } of rows) {
    const plan = world.plan(configs);
    const order = orderOf(world, plan);
    const ranks = [...ids.map((id) => `deleteDeposed t.net ${id}`), ...(own === undefined ? [] : [own])]
      .map((id) => order.get(id)?.size ?? -1);
    deepStrictEqual(ranks.toSorted((a, b) => a - b), [...ranks.keys()]);
    strictEqual(ranks.at(-1), own === undefined ? ranks.length - 1 : 0);
  }
});

Deno.test("P11: old objects go object by object, each after the old ones that rely on it", () => {
  const world = new PlanningWorld();
  const onOrder = (address: string, kind: string, to: string) =>
    kinded(address, kind, { needs: [need(to, "order")] });
  world.bring([kinded("t.b", "1"), onOrder("t.a", "1", "t.b")]);
  const lastFirst = (count: number) => count - 1;
  world.bring([kinded("t.a", "2"), onOrder("t.b", "1", "t.a")], { stepLimit: 2, choose: lastFirst });
  const oldest = world.state("t.a").deposed[0]?.object.id;
  const [a, b] = [world.state("t.a").object?.id, world.state("t.b").object?.id];
  const plan = world.plan([kinded("t.a", "3"), kinded("t.b", "3")]);
  assertBefore(
    world,
    plan,
    `deleteDeposed t.a ${oldest}`,
    `deleteDeposed t.b ${b}`,
    `deleteDeposed t.a ${a}`,
  );
  world.apply(plan);
  strictEqual(world.objects.size, 2);
});

Deno.test("P17: a cycle in the stored dependencies is named, and the youngest goes first", () => {
  const world = new PlanningWorld();
  world.bring([wantedConfig("t.a")]);
  world.bring([wantedConfig("t.a"), wantedConfig("t.b", { needs: [need("t.a", "order")] })]);
  turnRound(world, "t.a", "t.b");
  const plan = world.plan([], { command: "destroy" });
  const circles = plan.resources.map((each) => each.reasons.join());
  ok(
    circles.every((reason) =>
      /circle, (t\.a -> t\.b -> t\.a|t\.b -> t\.a -> t\.b): the youngest goes first/.test(reason)
    ),
  );
  deepStrictEqual(world.apply(plan), ["delete t.a", "delete t.b"]);
});

Deno.test("P17: the youngest in a cycle is what was tied last, however much happened to the others", () => {
  const world = new PlanningWorld();
  const chain = [wantedConfig("t.a"), wantedConfig("t.b", { needs: [need("t.a", "order")] })];
  world.bring(chain);
  for (const reason of ["one", "two", "three", "four", "five", "six"]) {
    world.append("nobody", [{ type: "Tainted", address: "t.b", reason }]);
  }
  ok(world.state("t.b").version > world.state("t.a").version + 3);
  turnRound(world, "t.a", "t.b");
  const plan = world.plan([], { command: "destroy" });
  deepStrictEqual(world.apply(plan), ["delete t.a", "delete t.b"]);
});

Deno.test("stepsOf() cuts a plan of 5,000 resources that all rely on one in time", () => {
  const world = new PlanningWorld();
  const configs = Array.from({ length: 5_000 }, (_, index) =>
    wantedConfig(`t.r${index}`, {
      needs: [index - 1, index - 2, 0].filter((to) => to >= 0 && to < index).map((to) =>
        need(`t.r${to}`, "order")
      ),
    }));
  const plan = world.plan(configs);
  strictEqual(stepsOf(plan, world.view).length, 5_000);
});

Deno.test("P11: what relies on an old object that goes first, and is replaced, goes before it", () => {
  const world = new PlanningWorld();
  const bucket = (kind: string) => kinded("t.bucket", kind, { type: "t.Bucket", fields: { name: "a" } });
  const leaves = [
    wantedConfig("t.leaf", { needs: [need("t.bucket", "id", "home")] }),
    wantedConfig("t.twig", { needs: [need("t.leaf", "id", "home")] }),
    wantedConfig("t.stays", { needs: [need("t.bucket", "id", "parent")] }),
  ];
  world.bring([bucket("1"), ...leaves]);
  const plan = world.plan([bucket("2"), ...leaves]);
  const reasons = new Map(plan.resources.map((each) => [each.address, each.reasons.at(-1)]));
  strictEqual(reasons.get("t.bucket"), "its name can be held once only");
  strictEqual(reasons.get("t.leaf"), "it relies on t.bucket, whose old object goes first");
  deepStrictEqual(stepsOf(plan, world.view).filter((each) => each.isUnderDependents).map(({ id }) => id), [
    "delete t.bucket",
    "delete t.leaf",
    "delete t.twig",
  ]);
  deepStrictEqual(world.apply(plan), [
    "delete t.twig",
    "delete t.leaf",
    "delete t.bucket",
    "create t.bucket",
    "create t.leaf",
    "update t.stays",
    "create t.twig",
  ]);
});

Deno.test("P11: what lets go without the new object does so before the old one goes first", () => {
  const world = new PlanningWorld();
  const bucket = (kind: string) => kinded("t.bucket", kind, { type: "t.Bucket", fields: { name: "a" } });
  const leaf = (to: string, field: string) => wantedConfig("t.leaf", { needs: [need(to, "id", field)] });
  world.bring([bucket("1"), wantedConfig("t.net"), leaf("t.bucket", "home")]);
  const id = world.state("t.leaf").object?.id;
  const plan = world.plan([bucket("2"), wantedConfig("t.net"), leaf("t.net", "home")]);
  assertBefore(
    world,
    plan,
    "replace t.leaf",
    `deleteDeposed t.leaf ${id}`,
    "delete t.bucket",
    "create t.bucket",
  );
  world.apply(plan);
});

Deno.test("P11: an old object that holds the name goes first, under a dependent that still names it", () => {
  const world = new PlanningWorld();
  const bucket = (name: string) => wantedConfig("t.bucket", { type: "t.Bucket", fields: { name } });
  const leaf = wantedConfig("t.leaf", { needs: [need("t.bucket", "id", "parent")] });
  world.bring([bucket("a"), leaf]);
  const old = world.state("t.bucket").object?.id;
  world.bring([bucket("b"), leaf], { stepLimit: 1 });
  const between = world.state("t.bucket").object?.id;
  const plan = world.plan([bucket("a"), leaf]);
  const planned = plan.resources.find((each) => each.address === "t.bucket");
  deepStrictEqual([planned?.goesFirst, planned?.dependents], [[old], ["t.leaf"]]);
  deepStrictEqual(world.apply(plan), [
    `deleteDeposed t.bucket ${old}`,
    "replace t.bucket",
    `deleteDeposed t.bucket ${between}`,
    "update t.leaf",
  ]);
  deepStrictEqual(actionsOf(world.plan([bucket("a"), leaf])), []);
});

Deno.test("P17: old objects that rely on each other in a circle go, the circle opened", () => {
  const world = new PlanningWorld();
  const onOrder = (address: string, kind: string, to?: string) =>
    kinded(address, kind, { needs: to === undefined ? [] : [need(to, "order")] });
  world.bring([onOrder("t.a", "1")]);
  world.bring([onOrder("t.a", "1"), onOrder("t.b", "1", "t.a")]);
  turnRound(world, "t.a", "t.b");
  world.bring([onOrder("t.a", "2"), onOrder("t.b", "2", "t.a")]);
  strictEqual(world.objects.size, 2);
  deepStrictEqual(world.state("t.a").deposed, []);
});

Deno.test("P11: an old object of before goes first too where it could go only after what waits for the room", () => {
  const world = new PlanningWorld();
  const bucket = wantedConfig("t.bucket", { type: "t.Bucket", fields: { name: "b" } });
  const net = (kind: string, ...needs: ReturnType<typeof need>[]) =>
    wantedConfig("t.net", { fields: { kind }, needs });
  const first = [bucket, net("first", need("t.bucket", "order"))];
  world.bring(first);
  world.bring([wantedConfig("t.bucket", {}), net("second")], { stepLimit: 2 });
  ok(world.state("t.bucket").deposed.length > 0 && world.state("t.net").deposed.length > 0);
  world.bring(first);
  deepStrictEqual(world.state("t.bucket").object?.type, "t.Bucket");
  deepStrictEqual(world.plan(first).resources.map(({ action }) => action), ["none", "none"]);
});

Deno.test("an old object of before that gives up its name is known with who relies on its resource: the plan is not stale", () => {
  const world = new PlanningWorld();
  const bucket = (address: string, name: string) =>
    wantedConfig(address, { type: "t.Bucket", fields: { name } });
  const net = wantedConfig("t.net", { needs: [need("t.bucket", "order")] });
  world.bring([bucket("t.bucket", "first"), net]);
  world.bring([bucket("t.bucket", "second"), net], { stepLimit: 1 });
  strictEqual(world.state("t.bucket").deposed.length, 1);
  const wanted = [bucket("t.bucket", "second"), net, bucket("t.other", "first")];
  const plan = world.plan(wanted);
  deepStrictEqual(plan.resources.find(({ address }) => address === "t.bucket")?.dependents, ["t.net"]);
  deepStrictEqual(movedSince(plan, world.view), []);
  world.bring(wanted);
  deepStrictEqual(actionsOf(world.plan(wanted)), []);
});
