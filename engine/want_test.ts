import { deepStrictEqual, ok } from "node:assert/strict";
import { need, type ResourceSketch, testSchema, wantedConfig } from "./planning_fixture_test.ts";
import { record } from "./value.ts";
import { wantResource } from "./want.ts";
import type { Wanted } from "./wanted.ts";

function want(sketch: ResourceSketch): Wanted {
  const config = wantedConfig("t.a", sketch);
  const schema = testSchema(config.type);
  ok(schema !== undefined);
  return wantResource(config, schema);
}

function shapes(sketch: ResourceSketch): readonly string[] {
  return want(sketch).bindings.map(({ path, shape, sources }) =>
    `${path.section}/${path.field} ${shape} ${
      sources.map((each) => `${each.address}.${each.output}`).join(" ")
    }`
  );
}

Deno.test("wantResource() puts defaults in place", () => {
  deepStrictEqual(
    want({ fields: { label: 1 } }).fields,
    record([["label", 1], ["extra", record([["mode", "slow"]])]]),
  );
});

Deno.test("wantResource() tells each dependency once, bound or not, in code-point order", () => {
  const needs = [
    need("t.z", "order"),
    need("t.b", "id", "parent"),
    need("t.b", "arn", "label"),
    need(["t.c[1]", "t.c[0]"], "order"),
  ];
  deepStrictEqual(want({ needs }).dependencies, ["t.b", "t.c[0]", "t.c[1]", "t.z"]);
});

Deno.test("wantResource() binds one value to a plain place, also where a list field takes it", () => {
  deepStrictEqual(shapes({ needs: [need("t.b", "arn", "extra.note"), need("t.b", "order")] }), [
    "extra/note single t.b.arn",
  ]);
  deepStrictEqual(shapes({ needs: [need("t.b", "id", "members")] }), ["/members joined t.b.id"]);
});

Deno.test("I18: wantResource() collects what goes to one list, in the order of the files", () => {
  const needs = [
    need("t.z", "id", "members"),
    need(["t.c[0]", "t.c[1]"], "id", "members"),
    need("t.b", "arn", "members"),
  ];
  deepStrictEqual(shapes({ needs }), ["/members joined t.z.id t.c[0].id t.c[1].id t.b.arn"]);
});

Deno.test("wantResource() does not care in which order the places of its needs stand", () => {
  const parent = need("t.z", "id", "parent");
  const label = need("t.b", "arn", "label");
  deepStrictEqual(want({ needs: [parent, label] }), want({ needs: [label, parent] }));
});

Deno.test("wantResource() binds a list of all instances of a template, even of one and even to a free place", () => {
  deepStrictEqual(shapes({ type: "t.Data", needs: [need(["t.c[0]"], "id", "input.ids")] }), [
    "input/ids list t.c[0].id",
  ]);
});

Deno.test("wantResource() keeps what annotations say", () => {
  const on: boolean = true;
  const wanted = want({
    intent: "serve",
    owner: "me",
    isProtected: on,
    isRetained: on,
    timeoutsMs: { create: 7, delete: 9 },
  });
  deepStrictEqual(wanted.description, { intent: "serve", owner: "me", retained: true });
  deepStrictEqual([wanted.isProtected, wanted.deadlinesMs], [true, { create: 7, update: 1_000, delete: 9 }]);
  deepStrictEqual(want({}).description, {});
});
