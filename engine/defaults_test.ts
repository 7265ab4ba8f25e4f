import { deepStrictEqual } from "node:assert/strict";
import { withDefaults } from "./defaults.ts";
import { field, type ResourceSchema, section } from "./schema.ts";
import { record, Secret } from "./value.ts";

const SCHEMA: ResourceSchema = {
  type: "test.Thing",
  summary: "A thing",
  version: 1,
  sections: [
    section("", "Body", [
      field("size", { kind: "integer" }, "Size", { defaultValue: 1 }),
      field("rules", {
        kind: "list",
        element: {
          kind: "record",
          fields: [field("port", { kind: "integer" }, "Port", { defaultValue: 443 })],
        },
      }, "Rules"),
    ]),
    section("disk", "Disk", [
      field("kind", { kind: "string" }, "Kind", { defaultValue: "ssd" }),
      field("label", { kind: "string" }, "Label"),
    ]),
    { ...section("input", "Input", []), open: true },
  ],
  outputs: [],
  world: undefined,
  timeoutsMs: { create: 1, update: 1, delete: 1, read: 1 },
  importId: undefined,
  sbomKind: "data",
};

Deno.test("withDefaults() fills body, sections that are not written, and records in lists", () => {
  const filled = withDefaults(record([["rules", [record(), record([["port", 80]])]]]), SCHEMA);
  deepStrictEqual(
    filled,
    record([
      ["rules", [record([["port", 443]]), record([["port", 80]])]],
      ["size", 1],
      ["disk", record([["kind", "ssd"]])],
    ]),
  );
});

Deno.test("withDefaults() keeps what is given, secrets too, and adds nothing the second time", () => {
  const secret = new Secret(7);
  const given = record([["size", secret], ["disk", record([["kind", "hdd"]])]]);
  deepStrictEqual(withDefaults(given, SCHEMA), given);
  deepStrictEqual(withDefaults(given, SCHEMA)["size"], secret);
});

Deno.test("withDefaults() takes null for nothing given, except in an open section", () => {
  const given = record([
    ["size", null],
    ["disk", record([["label", null], ["kind", "hdd"]])],
    ["input", record([["x", null]])],
  ]);
  deepStrictEqual(
    withDefaults(given, SCHEMA),
    record([["size", 1], ["disk", record([["kind", "hdd"]])], ["input", record([["x", null]])]]),
  );
});
