import { deepStrictEqual, ok } from "node:assert/strict";
import { planProblems } from "./plan_problems.ts";
import type { Plan } from "./plan.ts";
import { planRevert } from "./plan_revert.ts";
import { actionsOf, need, PlanningWorld, sentFields, wantedConfig } from "./planning_fixture_test.ts";

/** The plan that puts back what drifted at `addresses`, all that did when none is given. */
function reverting(world: PlanningWorld, ...addresses: readonly string[]): Plan {
  const { drifted } = world.drift();
  const chosen = drifted.filter(({ address }) => addresses.length === 0 || addresses.includes(address));
  const planned = planRevert(world.storedInput(), chosen);
  ok(planned.ok);
  return planned.value;
}

const NET = wantedConfig("t.net", { fields: { label: "files", password: "p" } });

Deno.test("planRevert() goes from what lives to what was sent, whatever the files say by now", () => {
  const world = new PlanningWorld();
  world.bring([NET]);
  world.tamper("t.net", { fields: { label: "hand" } });
  const plan = reverting(world);
  deepStrictEqual(plan.resources[0]?.changes.map(({ path, before, after }) => [path, before, after]), [
    ["label", "hand", "files"],
  ]);
  world.apply(plan);
  deepStrictEqual([...world.objects.values()].map(({ fields }) => fields["label"]), ["files"]);
  deepStrictEqual(sentFields(world, "t.net")["password"], "p");
  deepStrictEqual(actionsOf(reverting(world)), []);
});

Deno.test("planRevert() asks the provider by name for what it had decided, and the files still have no say", () => {
  const world = new PlanningWorld();
  world.bring([NET]);
  world.tamper("t.net", { fields: { size: "huge" } });
  world.apply(reverting(world));
  deepStrictEqual([...world.objects.values()].map(({ fields }) => fields["size"]), ["any size"]);
  deepStrictEqual(actionsOf(world.plan([NET])), []);
});

Deno.test("planRevert() leaves alone what was not chosen: drift, taint and what the files want of it", () => {
  const world = new PlanningWorld();
  world.bring([NET, wantedConfig("t.left", { fields: { label: "files" } }), wantedConfig("t.tainted")]);
  for (const address of ["t.net", "t.left", "t.tainted"]) {
    world.tamper(address, { fields: { label: "hand" } });
  }
  world.append("somebody", [{ type: "Tainted", address: "t.tainted", reason: "by hand" }]);
  deepStrictEqual(actionsOf(reverting(world, "t.net")), ["update t.net"]);
  deepStrictEqual(actionsOf(reverting(world, "t.tainted")), ["update t.tainted"], "the mark stays a mark");
});

Deno.test("planRevert() makes anew what is gone, first what it relies on and is gone too, then what follows a new id", () => {
  const world = new PlanningWorld();
  const child = wantedConfig("t.child", { needs: [need("t.net", "id", "parent")] });
  const grandchild = wantedConfig("t.grandchild", { needs: [need("t.child", "id", "parent")] });
  world.bring([NET, child, grandchild]);
  world.tamper("t.net", "remove");
  world.tamper("t.child", "remove");
  const plan = reverting(world, "t.child");
  deepStrictEqual(actionsOf(plan), ["create t.net", "create t.child", "update t.grandchild"]);
  world.apply(plan);
  deepStrictEqual(sentFields(world, "t.child")["parent"], world.state("t.net").object?.id);
  deepStrictEqual(actionsOf(world.plan([NET, child, grandchild])), []);
});

Deno.test("planRevert() of a field that cannot change in place replaces, and what is protected is a problem", () => {
  const world = new PlanningWorld();
  world.bring([wantedConfig("t.net", { fields: { kind: "files" }, isProtected: true })]);
  world.tamper("t.net", { fields: { kind: "hand" } });
  const plan = reverting(world);
  deepStrictEqual(actionsOf(plan), ["replace t.net"]);
  deepStrictEqual(planProblems(plan, world.view).map(({ kind }) => kind), ["Protected"]);
});
