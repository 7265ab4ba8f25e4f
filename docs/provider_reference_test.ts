import { deepStrictEqual, match, ok } from "node:assert/strict";
import { field, type ResourceSchema, section } from "../engine/schema.ts";
import { providerPage } from "./provider_page.ts";
import { referencePages, stalePages } from "./provider_reference.ts";

Deno.test("the provider reference is what the schemas say", () => {
  deepStrictEqual(stalePages(), [], "run docs/provider_reference.ts");
});

Deno.test("there is a page for each provider", () => {
  deepStrictEqual([...referencePages().keys()], [
    "docs/providers/local.md",
    "docs/providers/oci.md",
    "docs/providers/random.md",
    "docs/providers/sim.md",
    "docs/providers/tls.md",
  ]);
});

Deno.test("a page tells kind and rules of each field, records in lists too, and keeps tables whole", () => {
  const page = providerPage("test", [SCHEMA]);
  match(page, /\| `name` \| text \| required, replaces, 1 to 9 characters, like `a\\\|b` \| Its name \|/);
  match(page, /\| `size` \| `"small"` or `"large"` \| default `"small"` \| Its size \|/);
  match(page, /\| `rules\.port` \| integer \| required \| The port \|/);
  match(page, /\| `key` \| text \| secret \| A key \|/);
  match(page, /No two objects have one `name`: a replacement that keeps it deletes first/);
  ok(page.endsWith("\n") && !page.endsWith("\n\n"));
});

const TEXT = { kind: "string" } as const;

const SCHEMA: ResourceSchema = {
  type: "test.Thing",
  summary: "A thing",
  version: 1,
  sections: [
    section("", "The thing", [
      field("name", TEXT, "Its name", {
        required: true,
        immutable: true,
        pattern: "a|b",
        range: { min: 1, max: 9 },
      }),
      field("size", { kind: "enum", members: ["small", "large"] }, "Its size", { defaultValue: "small" }),
      field("rules", {
        kind: "list",
        element: {
          kind: "record",
          fields: [field("port", { kind: "integer" }, "The port", { required: true })],
        },
      }, "Its rules"),
    ]),
  ],
  outputs: [field("key", TEXT, "A key", { sensitive: true })],
  world: {
    marker: "name",
    uniqueName: { section: "", field: "name" },
    settleMs: 0,
    tokenLifetimeMs: 0,
    preconditions: true,
    inProcess: false,
  },
  timeoutsMs: { create: 60_000, update: 1_000, delete: 1_000, read: 1_000 },
  importId: "its name",
  sbomKind: "data",
};
