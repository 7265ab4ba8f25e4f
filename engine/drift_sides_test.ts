import { deepStrictEqual } from "node:assert/strict";
import { driftedFields, driftedOutputs, type DriftedPart } from "./drift_sides.ts";
import { type Plain, plain } from "./planning_fixture_test.ts";
import { field, type FieldSchema, type ResourceSchema, section } from "./schema.ts";
import { SealedSecret } from "./value.ts";
import { encodeRecord } from "./value_codec.ts";

const TEXT = { kind: "string" } as const;

function schemaOf(...fields: readonly FieldSchema[]): ResourceSchema {
  return {
    type: "t.Thing",
    summary: "A thing",
    version: 1,
    sections: [section("", "Body", fields)],
    outputs: [],
    world: undefined,
    timeoutsMs: { create: 1, update: 1, delete: 1, read: 1 },
    importId: undefined,
    sbomKind: "data",
  };
}

interface Sides {
  readonly sent: Plain;
  readonly seen?: Plain;
  readonly live: Plain;
  readonly wanted?: Plain;
}

/** The parts that drifted, each as `[path, wanted, recorded, live]`; `-` where the files say nothing. */
function partsOf(schema: ResourceSchema, { sent, seen = sent, live, wanted }: Sides) {
  const object = { inputs: encodeRecord(plain(sent)), fields: encodeRecord(plain(seen)) };
  const named = wanted === undefined ? undefined : plain(wanted);
  return driftedFields(schema, object, { fields: plain(live) }, named).flatMap(({ parts }) =>
    parts.map(told)
  );
}

function told({ path, wanted, recorded, live }: DriftedPart) {
  return [path, wanted.kind === "open" ? "-" : wanted.value, recorded, live];
}

Deno.test("driftedFields() tells each side as what it is: wanted by the files, recorded by the log, living now", () => {
  const sides = { wanted: { a: "wanted" }, sent: { a: "recorded" }, live: { a: "live" } };
  deepStrictEqual(partsOf(schemaOf(field("a", TEXT, "")), sides), [["a", "wanted", "recorded", "live"]]);
});

Deno.test("driftedFields() is about what lives and the log: what only the files want otherwise is no drift", () => {
  const schema = schemaOf(field("a", TEXT, ""));
  deepStrictEqual(partsOf(schema, { wanted: { a: "new" }, sent: { a: "old" }, live: { a: "old" } }), []);
  deepStrictEqual(partsOf(schema, { wanted: { a: "new" }, sent: { a: "old" }, live: { a: "new" } }), [
    ["a", "new", "old", "new"],
  ]);
});

Deno.test("driftedFields() compares with what was sent, even when the log has seen it otherwise since", () => {
  const schema = schemaOf(field("a", TEXT, ""));
  deepStrictEqual(partsOf(schema, { sent: { a: "sent" }, seen: { a: "hand" }, live: { a: "hand" } }), [
    ["a", "-", "sent", "hand"],
  ]);
});

Deno.test("driftedFields() compares what the provider decides with what was seen last, and no file has a say", () => {
  const schema = schemaOf(field("a", TEXT, "", { computed: true }));
  const sides = { wanted: {}, sent: {}, seen: { a: "theirs" }, live: { a: "other" } };
  deepStrictEqual(partsOf(schema, sides), [["a", "-", "theirs", "other"]]);
  deepStrictEqual(partsOf(schema, { ...sides, live: { a: "theirs" } }), []);
  deepStrictEqual(partsOf(schema, { ...sides, seen: {} }), [], "decided after the log saw it last");
});

Deno.test("driftedFields() passes over what is write-only, in records too", () => {
  const key = {
    kind: "record",
    fields: [field("name", TEXT, ""), field("key", TEXT, "", { writeOnly: true })],
  } as const;
  const schema = schemaOf(
    field("pass", TEXT, "", { writeOnly: true }),
    field("one", key, ""),
    field("all", { kind: "list", element: key }, ""),
  );
  const sent = { name: "n", key: "secret" };
  const read = plain({ name: "n" });
  const sides = {
    sent: { pass: "p", one: plain(sent), all: [plain(sent)] },
    live: { one: read, all: [read] },
  };
  deepStrictEqual(partsOf(schema, sides), []);
});

Deno.test("driftedFields() passes over defaults that the schema gained, and over order that means nothing", () => {
  const schema = schemaOf(
    field("mode", TEXT, "", { defaultValue: "slow" }),
    field("set", { kind: "list", element: TEXT }, "", { setLike: true }),
  );
  const sides = { sent: { set: ["a", "b"] }, live: { set: ["b", "a"], mode: "slow" } };
  deepStrictEqual(partsOf(schema, sides), []);
});

Deno.test("driftedFields() goes into maps and records by key, and tells lists whole", () => {
  const schema = schemaOf(
    field("tags", { kind: "map", element: TEXT }, ""),
    field("list", { kind: "list", element: TEXT }, ""),
  );
  const sides = {
    wanted: { tags: plain({ a: "1" }), list: ["x"] },
    sent: { tags: plain({ a: "1" }), list: ["x"] },
    live: { tags: plain({ a: "2", b: "3" }), list: ["x", "y"] },
  };
  deepStrictEqual(partsOf(schema, sides), [
    ["tags.a", "1", "1", "2"],
    ["tags.b", undefined, undefined, "3"],
    ["list", ["x"], ["x"], ["x", "y"]],
  ]);
});

Deno.test("driftedFields() knows a secret by its digest", () => {
  const schema = schemaOf(field("a", TEXT, "", { sensitive: true }));
  const one = new SealedSecret("1/k", "one");
  deepStrictEqual(partsOf(schema, { sent: { a: one }, live: { a: new SealedSecret("1/k", "one") } }), []);
  deepStrictEqual(
    partsOf(schema, { sent: { a: one }, live: { a: new SealedSecret("2/k", "two") } }).length,
    1,
  );
});

Deno.test("driftedOutputs() tells what was and what is, and that no file wants any", () => {
  const parts = driftedOutputs(plain({ same: 1, ip: "old", gone: 1 }), plain({ same: 1, ip: "new" }));
  deepStrictEqual(parts.map(told), [["output gone", "-", 1, undefined], ["output ip", "-", "old", "new"]]);
});
