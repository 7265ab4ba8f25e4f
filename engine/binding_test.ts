import { deepStrictEqual, match, ok, throws } from "node:assert/strict";
import { bindingPlace, typeAt } from "./binding.ts";
import { InvariantError } from "./invariant.ts";
import type { Need, NeedBinding } from "./resource_config.ts";
import { field, type ResourceSchema, section, type SectionSchema } from "./schema.ts";

const TEXT = { kind: "string" } as const;

Deno.test("bindingPlace() finds the one field of a bare name, in whichever section it stands", () => {
  const schema = typeWith([
    section("", "Body", [field("name", TEXT, "Name")]),
    section("network", "Network", [field("vpc_id", TEXT, "Network's id")]),
  ]);
  deepStrictEqual(placeOf("name", schema), { section: "", field: "name" });
  deepStrictEqual(placeOf("vpc_id", schema), { section: "network", field: "vpc_id" });
});

Deno.test("bindingPlace() prefers the field that takes ids", () => {
  const schema = typeWith([
    section("labels", "Labels", [field("vpc", TEXT, "A label")]),
    section("network", "Network", [field("vpc", { kind: "ref", target: "sim.Network" }, "The network")]),
  ]);
  deepStrictEqual(placeOf("vpc", schema), { section: "network", field: "vpc" });
});

Deno.test("bindingPlace() refuses a bare name that fits two places and names both", () => {
  const schema = typeWith([
    section("a", "A", [field("host", TEXT, "Host")]),
    section("b", "B", [field("host", TEXT, "Host")]),
  ]);
  const found = bindingPlace(need({ kind: "name", field: "host" }), schema);
  ok(!found.ok);
  deepStrictEqual(found.error.code, "E-BINDING-AMBIGUOUS");
  match(found.error.message, /"a.host" and "b.host"/);
  deepStrictEqual(found.error.origin, ORIGIN);
});

Deno.test("bindingPlace() sends a name that the schema lacks to the one open section", () => {
  const schema = typeWith([
    section("", "Body", [field("trigger", { kind: "any" }, "Trigger")]),
    { ...section("input", "Input", []), open: true },
  ]);
  deepStrictEqual(placeOf("anything", schema), { section: "input", field: "anything" });
  deepStrictEqual(placeOf("trigger", schema), { section: "", field: "trigger" });
});

Deno.test("bindingPlace() refuses a bare name with two open sections", () => {
  const schema = typeWith([
    { ...section("input", "Input", []), open: true },
    { ...section("labels", "Labels", []), open: true },
  ]);
  const found = bindingPlace(need({ kind: "name", field: "x" }), schema);
  deepStrictEqual(!found.ok && found.error.code, "E-BINDING-AMBIGUOUS");
});

Deno.test("bindingPlace() takes a path to a field, into an open section and to a key of a map", () => {
  const schema = typeWith([
    section("", "Body", [field("keepers", { kind: "map", element: TEXT }, "Keepers")]),
    section("network", "Network", [field("vpc_id", TEXT, "Network's id")]),
    { ...section("input", "Input", []), open: true },
  ]);
  for (const [group, name] of [["network", "vpc_id"], ["input", "x"], ["keepers", "vpc"]] as const) {
    const path = { section: group, field: name };
    deepStrictEqual(bindingPlace(need({ kind: "path", path }), schema), { ok: true, value: path });
  }
  deepStrictEqual(typeAt(schema, { section: "keepers", field: "vpc" }), TEXT);
  deepStrictEqual(typeAt(schema, { section: "input", field: "x" }), { kind: "any" });
});

Deno.test("bindingPlace() names the near field or section of a place that is not there", () => {
  const schema = typeWith([section("network", "Network", [field("vpc_id", TEXT, "Network's id")])]);
  const cases: readonly (readonly [NeedBinding, string])[] = [
    [{ kind: "name", field: "vpc_di" }, 'Did you mean "vpc_id"?'],
    [{ kind: "path", path: { section: "network", field: "vpcid" } }, 'Did you mean "vpc_id"?'],
    [{ kind: "path", path: { section: "netwrok", field: "vpc_id" } }, 'Did you mean "network"?'],
    [{ kind: "name", field: "colour" }, 'There is "vpc_id"'],
  ];
  for (const [binding, hint] of cases) {
    const found = bindingPlace(need(binding), schema);
    ok(!found.ok);
    deepStrictEqual([found.error.code, found.error.hint], ["E-BINDING", hint]);
  }
});

Deno.test("bindingPlace() holds a need for order only to be the caller's mistake", () => {
  const orderOnly: Need = { ...need({ kind: "name", field: "x" }), binding: undefined };
  throws(() => bindingPlace(orderOnly, typeWith([])), InvariantError);
});

const ORIGIN = { file: "main.smelt", line: 3, column: 5 };

function placeOf(name: string, schema: ResourceSchema): unknown {
  const found = bindingPlace(need({ kind: "name", field: name }), schema);
  return found.ok ? found.value : found.error;
}

function need(binding: NeedBinding): Need {
  return { targets: [], many: false, source: { kind: "id" }, binding, origin: ORIGIN };
}

function typeWith(sections: readonly SectionSchema[]): ResourceSchema {
  return {
    type: "test.Thing",
    summary: "A thing",
    version: 1,
    sections,
    outputs: [],
    world: undefined,
    timeoutsMs: { create: 1, update: 1, delete: 1, read: 1 },
    importId: undefined,
    sbomKind: "data",
  };
}
