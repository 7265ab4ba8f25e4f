import { deepStrictEqual } from "node:assert/strict";
import { planAcceptance, planObservations } from "./plan_record.ts";
import { actionsOf, PlanningWorld, sentFields, wantedConfig } from "./planning_fixture_test.ts";

const NET = wantedConfig("t.net", { fields: { label: "files", password: "p" } });

Deno.test("planObservations() records what was seen, and leaves what was sent; a second one does nothing", () => {
  const world = new PlanningWorld();
  world.bring([NET, wantedConfig("t.other")]);
  world.tamper("t.net", { fields: { label: "hand" } });
  const plan = planObservations(world.storedInput());
  deepStrictEqual(actionsOf(plan), ["observe t.net"]);
  deepStrictEqual([...plan.readSet], [["t.net", world.state("t.net").version]]);
  world.apply(plan);
  deepStrictEqual(world.state("t.net").object?.fields["label"], "hand");
  deepStrictEqual(sentFields(world, "t.net")["label"], "files");
  deepStrictEqual(actionsOf(planObservations(world.storedInput())), []);
});

Deno.test("planAcceptance() makes what lives what was sent, write-only fields and the provider's own apart", () => {
  const world = new PlanningWorld();
  world.bring([NET]);
  world.tamper("t.net", { fields: { label: "hand", size: "big" } });
  const plan = planAcceptance(world.storedInput(), world.drift().drifted);
  deepStrictEqual(plan.resources[0]?.changes.map(({ path, before, after }) => [path, before, after]), [
    ["label", "files", "hand"],
    ["size", "any size", "big"],
  ]);
  world.apply(plan);
  const { label, password, size } = sentFields(world, "t.net");
  deepStrictEqual([label, password, size], ["hand", "p", undefined]);
  deepStrictEqual(world.drift().drifted, []);
  deepStrictEqual(actionsOf(world.plan([NET])), ["update t.net"], "the files still want the old label");
  const agreed = wantedConfig("t.net", { fields: { label: "hand", password: "p" } });
  deepStrictEqual(actionsOf(world.plan([agreed])), []);
});

Deno.test("planAcceptance() takes back a value that is gone, forgets an object that is gone, and leaves others alone", () => {
  const world = new PlanningWorld();
  const others = [wantedConfig("t.gone"), wantedConfig("t.left", { fields: { label: "files" } })];
  world.bring([NET, ...others]);
  world.tamper("t.net", { fields: { label: null } });
  world.tamper("t.gone", "remove");
  world.tamper("t.left", { fields: { label: "hand" } });
  const chosen = world.drift().drifted.filter(({ address }) => address !== "t.left");
  const plan = planAcceptance(world.storedInput(), chosen);
  deepStrictEqual(actionsOf(plan), ["observe t.gone", "accept t.net"]);
  world.apply(plan);
  deepStrictEqual(sentFields(world, "t.net")["label"], undefined);
  deepStrictEqual(world.state("t.gone").object, undefined);
  deepStrictEqual(world.drift().drifted.map(({ address }) => address), ["t.left"]);
});
