import { strictEqual } from "node:assert/strict";
import { compareSent } from "./resolve_fields.ts";
import { field, type ResourceSchema, section } from "./schema.ts";
import { record, SealedSecret, Secret, type Value, type ValueRecord } from "./value.ts";

const TEXT = { kind: "string" } as const;
const schema: ResourceSchema = {
  type: "toy.Any",
  summary: "A toy",
  version: 1,
  sections: [
    section("", "Body", [
      field("name", TEXT, "Name"),
      field("label", TEXT, "Never read back", { writeOnly: true }),
      field("zones", { kind: "list", element: TEXT }, "Zones", { setLike: true }),
      field("password", TEXT, "Secret", { sensitive: true }),
    ]),
    { name: "input", summary: "Free", open: true, fields: [] },
  ],
  outputs: [],
  world: undefined,
  timeoutsMs: { create: 1, update: 1, delete: 1, read: 1 },
  importId: undefined,
  sbomKind: "data",
};

function of(entries: Record<string, Value>): ValueRecord {
  return record(Object.entries(entries));
}

Deno.test("compareSent() compares what was sent and can be read, and leaves the rest alone", () => {
  const sent = of({ name: "a", label: "x", zones: ["n", "s"], input: of({ size: 1 }) });
  const live = of({ name: "a", zones: ["s", "n"], input: of({ size: 1, made: "now" }), arn: "z" });
  strictEqual(compareSent(schema, sent, live, undefined), "equal");
  strictEqual(compareSent(schema, sent, of({ ...live, name: "b" }), undefined), "different");
  strictEqual(compareSent(schema, sent, of({ ...live, input: of({ size: 2 }) }), undefined), "different");
});

Deno.test("compareSent() compares secrets by their clear values", () => {
  const sent = of({ password: new Secret("one") });
  strictEqual(compareSent(schema, sent, of({ password: "one" }), undefined), "equal");
  strictEqual(compareSent(schema, sent, of({ password: "two" }), undefined), "different");
});

Deno.test("compareSent() cannot tell a change that leaves no trace in what is read", () => {
  const before = of({ name: "a" });
  strictEqual(compareSent(schema, of({ name: "a", label: "new" }), of({ name: "a" }), before), "untellable");
  strictEqual(compareSent(schema, of({ name: "b", label: "new" }), of({ name: "b" }), before), "equal");
  const sealed = of({ name: "a", password: new SealedSecret("b/1", "d") });
  const sent = of({ name: "a", password: new Secret("p"), label: "new" });
  strictEqual(compareSent(schema, sent, of({ name: "a", password: "p" }), sealed), "untellable");
});
