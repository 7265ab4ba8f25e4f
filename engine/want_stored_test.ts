import { deepStrictEqual, ok } from "node:assert/strict";
import { need, PlanningWorld, testSchema, wantedConfig } from "./planning_fixture_test.ts";
import { cycleAmong, wantStored } from "./want_stored.ts";
import type { ResourceConfig } from "./resource_config.ts";
import { plain } from "./planning_fixture_test.ts";
import { wantResource } from "./want.ts";
import type { Wanted } from "./wanted.ts";

/** What is wanted of a stored resource, and what the files wanted of it. */
function both(config: ResourceConfig, ...others: readonly ResourceConfig[]): readonly [Wanted, Wanted] {
  const world = new PlanningWorld();
  world.bring([config, ...others]);
  const schema = testSchema(config.type);
  const { object, isProtected } = world.state(config.address);
  ok(schema !== undefined && object !== undefined);
  const basis = { state: world.view, isProtected, isWanted: () => true };
  return [wantStored(object, schema, basis), wantResource(config, schema)];
}

const A = wantedConfig("t.a");
const DATA = wantedConfig("t.data", {
  type: "t.Data",
  fields: { input: plain({ list: ["x", "y"], one: "z" }) },
});

Deno.test("wantStored() wants of the log what the files wanted: fields, bindings, order, description, protection", () => {
  const config = wantedConfig("t.net", {
    fields: { kind: "k", extra: plain({ note: "n" }) },
    needs: [need("t.a", "id", "parent"), need("t.b", "order"), need("t.a", "arn", "label")],
    intent: "why",
    owner: "who",
    isProtected: true,
  });
  const [stored, wanted] = both(config, A, wantedConfig("t.b"));
  deepStrictEqual(stored, wanted);
});

Deno.test("wantStored() tells by what was sent how sources were put together", () => {
  const lists = [
    wantedConfig("t.net", { needs: [need("t.a", "id", "members")] }),
    wantedConfig("t.net", { needs: [need(["t.a", "t.b"], "id", "members")] }),
    wantedConfig("t.net", { needs: [need("t.data", "list", "members")] }),
    wantedConfig("t.net", { needs: [need("t.data", "list", "label")] }),
    wantedConfig("t.net", { needs: [need(["t.a"], "id", "label")] }),
    wantedConfig("t.net", { needs: [need("t.a", "id", "label")] }),
  ];
  for (const config of lists) {
    const [stored, wanted] = both(config, A, wantedConfig("t.b"), DATA);
    deepStrictEqual(stored.bindings, wanted.bindings);
  }
});

Deno.test("wantStored() keeps the value of what relies on something that nobody wants any more", () => {
  const world = new PlanningWorld();
  world.bring([A, wantedConfig("t.net", { needs: [need("t.a", "id", "parent")] })]);
  const schema = testSchema("t.Net");
  const { object } = world.state("t.net");
  ok(schema !== undefined && object !== undefined);
  const wanted = wantStored(object, schema, { state: world.view, isProtected: false, isWanted: () => false });
  deepStrictEqual(wanted.fields["parent"], world.state("t.a").object?.id);
  deepStrictEqual([wanted.bindings, wanted.dependencies], [[], []]);
});

Deno.test("cycleAmong() names a circle", () => {
  const [a] = both(A);
  const wanted = new Map([["t.a", { ...a, dependencies: ["t.b"] }], ["t.b", {
    ...a,
    dependencies: ["t.a"],
  }]]);
  const path = cycleAmong(wanted)?.path ?? [];
  deepStrictEqual([path.length, path[0], new Set(path)], [3, path[2], new Set(["t.a", "t.b"])]);
  deepStrictEqual(cycleAmong(new Map([["t.a", a]])), undefined);
});
