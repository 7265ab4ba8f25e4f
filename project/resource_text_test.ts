import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { formatAddress } from "../engine/address.ts";
import type { ResourceConfig } from "../engine/resource_config.ts";
import { field, type ResourceSchema, section } from "../engine/schema.ts";
import { record, Secret, type ValueRecord } from "../engine/value.ts";
import { expand } from "../lang/expand.ts";
import { unreadEnv } from "../lang/expand_scope.ts";
import { unreadSecret } from "../lang/secret_source.ts";
import { parse } from "../lang/parse.ts";
import { sourceText } from "../lang/source_text.ts";
import { anyText } from "../tests/support/any_text.ts";
import { importText } from "./resource_text.ts";

const SCHEMA: ResourceSchema = {
  type: "toy.Thing",
  summary: "A thing",
  version: 1,
  sections: [
    section("", "Body", [
      field("name", { kind: "string" }, "Name", { required: true }),
      field("size", { kind: "integer" }, "Size", { defaultValue: 1 }),
      field("made", { kind: "string" }, "Set by the provider", { computed: true }),
      field("key", { kind: "string" }, "Never read back", { required: true, writeOnly: true }),
      field("token", { kind: "string" }, "Secret", { sensitive: true }),
      field("tags", { kind: "map", element: { kind: "string" } }, "Tags"),
      field("home", { kind: "ref", target: "toy.Home" }, "Home"),
    ]),
    { name: "more", summary: "Anything", open: true, fields: [] },
  ],
  outputs: [],
  world: undefined,
  timeoutsMs: { create: 1, update: 1, delete: 1, read: 1 },
  importId: "t-1",
  sbomKind: "data",
};

const PLACE = { address: formatAddress({ kind: "thing", name: "a" }), kind: "thing", name: "a" };

function textOf(fields: ValueRecord): string {
  const refTo = (type: string, id: string) => type === "toy.Home" && id === "h-1" ? "home.main" : undefined;
  return importText([{ id: "t-1", place: PLACE, schema: SCHEMA, fields, refTo }]);
}

/** What the text says, read by the language itself. */
function readBack(text: string): ResourceConfig {
  const { tree, diagnostics } = parse(sourceText("a.smelt", text));
  deepStrictEqual(diagnostics, []);
  const layers = { names: [], source: sourceText("smelt.toml", "") };
  const { desired } = expand([tree], {
    environment: "dev",
    env: unreadEnv,
    secret: unreadSecret,
    variables: new Map(),
    layers,
  });
  const [resource] = desired.resources;
  ok(resource !== undefined);
  return resource;
}

Deno.test("importText() says what can be set and is not so anyway, and never a secret", () => {
  const fields = {
    name: "x",
    size: 1,
    made: "by itself",
    token: new Secret("hush"),
    tags: record([["two words", "${var.x}"]]),
    home: "h-1",
    more: record([["odd", [1, true, record([["in", new Secret("hush too")]])]]]),
  };
  strictEqual(
    textOf(fields),
    [
      'import "t-1" to "thing.a"',
      "",
      'resource thing "a" : toy.Thing {',
      "",
      "  needs home.main -> home",
      "",
      "  more {",
      "    odd = [",
      "      1,",
      "      true,",
      "      {",
      '        in = env("A_MORE_ODD_2_IN")',
      "      }",
      "    ]",
      "  }",
      "",
      '  key = env("A_KEY")',
      '  name = "x"',
      '  tags = { "two words" = "\\${var.x}" }',
      '  token = env("A_TOKEN")',
      "}",
      "",
    ].join("\n"),
  );
  ok(textOf({ ...fields, home: "h-2" }).includes('home = "h-2"'));
});

Deno.test("importText() reads back as the values that were there, whatever texts they hold", () => {
  const text = anyText.filter((each) => each.isWellFormed());
  const leaf = fc.oneof(text, fc.boolean(), fc.integer(), fc.array(text, { minLength: 1, maxLength: 3 }));
  const word = fc.constantFrom("a", "B_2", "\u00e9");
  const inner = fc.dictionary(text, leaf, {
    minKeys: 1,
    maxKeys: 3,
  });
  const values = fc.dictionary(word, fc.oneof(leaf, inner.map((each) => record(Object.entries(each)))), {
    minKeys: 1,
  });
  fc.assert(fc.property(text, values, (name, more) => {
    const { fields } = readBack(textOf({ name, more: record(Object.entries(more)) }));
    deepStrictEqual([fields["name"], fields["more"]], [name, record(Object.entries(more))]);
  }));
});
