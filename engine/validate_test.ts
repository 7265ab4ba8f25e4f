import { deepStrictEqual, doesNotMatch, match } from "node:assert/strict";
import { formatAddress } from "./address.ts";
import type { Problem } from "./problem.ts";
import type { Need, NeedBinding, ResourceConfig } from "./resource_config.ts";
import { field, type ResourceSchema, section } from "./schema.ts";
import { record, Secret, Unknown, type Value } from "./value.ts";
import { validateFields } from "./validate.ts";

const SCHEMA: ResourceSchema = {
  type: "test.Server",
  summary: "A server",
  version: 1,
  sections: [
    section("", "Body", [
      field("name", { kind: "string" }, "Name", { required: true, pattern: "[a-z]+", range: { max: 8 } }),
      field("size", { kind: "enum", members: ["small", "large"] }, "Size"),
      field("count", { kind: "integer" }, "Count", { range: { min: 1, max: 3 } }),
      field("labels", { kind: "map", element: { kind: "string" } }, "Labels"),
      field("ratio", { kind: "number" }, "Ratio"),
      field("on", { kind: "boolean" }, "On"),
      field("rules", {
        kind: "list",
        element: { kind: "record", fields: [field("port", { kind: "integer" }, "Port", { required: true })] },
      }, "Rules"),
    ]),
    section("network", "Network", [
      field("vpc_id", { kind: "ref", target: "test.Net" }, "Network"),
      field("subnet_ids", { kind: "list", element: { kind: "ref", target: "test.Subnet" } }, "Subnets"),
      field("mtu", { kind: "integer" }, "Size of a packet"),
    ]),
    { ...section("extra", "Extra", []), open: true },
  ],
  outputs: [],
  world: undefined,
  timeoutsMs: { create: 1, update: 1, delete: 1, read: 1 },
  importId: undefined,
  sbomKind: "data",
};

Deno.test("validateFields() finds nothing wrong with what the schema allows", () => {
  deepStrictEqual(
    problemsOf({
      name: "web",
      size: "small",
      count: 2,
      ratio: 1,
      on: true,
      labels: record([["__proto__", "x"]]),
      rules: [record([["port", 80]])],
      network: record([["vpc_id", "net-1"]]),
      extra: record([["anything", [1, "two"]]]),
    }, ["network", "extra"]),
    [],
  );
});

Deno.test("validateFields() names unknown sections and fields with the near name and their place", () => {
  const [unknownSection] = problemsOf({ name: "a", netwrok: record() }, ["netwrok"]);
  deepStrictEqual(unknownSection, {
    code: "E-UNKNOWN-SECTION",
    message: 'Unknown section "netwrok" in "server.web" (test.Server)',
    origin: ORIGIN,
    hint: 'Did you mean "network"?',
  });
  const [unknownField] = problemsOf({ name: "a", network: record([["vpcid", "x"]]) }, ["network"], {
    origins: { "network.vpcid": { file: "main.smelt", line: 9, column: 4 } },
  });
  deepStrictEqual(unknownField, {
    code: "E-UNKNOWN-FIELD",
    message: 'Unknown field "network.vpcid" in "server.web" (test.Server)',
    origin: { file: "main.smelt", line: 9, column: 4 },
    hint: 'Did you mean "vpc_id"?',
  });
});

Deno.test("validateFields() says where a misplaced field belongs", () => {
  deepStrictEqual(hints({ name: "a", vpc_id: "x" }), ['Did you mean "network.vpc_id"?']);
  deepStrictEqual(hints({ name: "a", network: record() }), ['"network" is a section: write network { … }']);
  deepStrictEqual(hints({ name: "a", labels: record() }, ["labels"]), [
    '"labels" is a field: write labels = { … }',
  ]);
});

Deno.test("validateFields() wants required fields, written or bound", () => {
  const [missing] = problemsOf({});
  deepStrictEqual([missing?.code, missing?.message], [
    "E-REQUIRED",
    'Missing field "name" in "server.web" (test.Server)',
  ]);
  deepStrictEqual(codes({ name: null }), ["E-REQUIRED"]);
  deepStrictEqual(codes({}, [], { needs: [bare("name")] }), []);
});

Deno.test("validateFields() tells the kind found and the kind wanted", () => {
  const cases: readonly (readonly [Record<string, Value>, string])[] = [
    [
      { count: "8" },
      'Cannot set "count" of "server.web" (test.Server): expected an integer, found the text "8"',
    ],
    [{ count: 1.5 }, "expected an integer, found 1.5"],
    [{ on: "true" }, 'expected true or false, found the text "true"'],
    [{ labels: ["a"] }, "expected a map, found a list"],
    [{ labels: record([["a", 1]]) }, 'Cannot set "labels.a" of'],
    [{ rules: record() }, "expected a list, found a record"],
    [{ rules: [record([["port", "80"]])] }, 'Cannot set "rules[0].port" of'],
  ];
  for (const [fields, message] of cases) {
    const [found] = problemsOf({ name: "a", ...fields });
    deepStrictEqual([found?.code, found?.message.includes(message)], ["E-FIELD-TYPE", true], found?.message);
  }
  deepStrictEqual(codes({ name: "a", rules: [record([["prt", 80]])] }), ["E-UNKNOWN-FIELD", "E-REQUIRED"]);
});

Deno.test("validateFields() checks members, patterns and ranges of the whole value", () => {
  const [wrongMember] = problemsOf({ name: "a", size: "smal" });
  deepStrictEqual([wrongMember?.code, wrongMember?.hint], ["E-ENUM", 'Did you mean "small"?']);
  deepStrictEqual(codes({ name: "ok1" }), ["E-FIELD-TYPE"]);
  deepStrictEqual(codes({ name: "toolongname" }), ["E-FIELD-TYPE"]);
  deepStrictEqual(codes({ name: "a", count: 4 }), ["E-FIELD-TYPE"]);
  deepStrictEqual(codes({ name: "a", count: 9007199254740993n }), ["E-FIELD-TYPE"]);
});

Deno.test("validateFields() lets an unknown stand anywhere", () => {
  deepStrictEqual(
    codes({ name: new Unknown("a.b"), count: new Unknown("a.b"), rules: [new Unknown("a.b")] }),
    [],
  );
});

Deno.test("validateFields() checks a secret by what it holds and never shows it", () => {
  deepStrictEqual(codes({ name: new Secret("hidden") }), []);
  for (
    const fields of [{ name: new Secret("HIDDEN-VALUE") }, { name: "a", count: new Secret("HIDDEN-VALUE") }]
  ) {
    const [found] = problemsOf(fields);
    deepStrictEqual(found?.code, "E-FIELD-TYPE");
    doesNotMatch(JSON.stringify(found), /HIDDEN-VALUE/);
  }
  const [member] = problemsOf({ name: "a", size: new Secret("smal") });
  match(member?.message ?? "", /expected "small" or "large", found a sensitive value/);
});

Deno.test("validateFields() reports a binding without a place where the needs is written", () => {
  const [found] = problemsOf({ name: "a" }, [], { needs: [path("network", "vpcid")] });
  deepStrictEqual([found?.code, found?.origin, found?.hint], [
    "E-BINDING",
    NEED_ORIGIN,
    'Did you mean "vpc_id"?',
  ]);
});

Deno.test("validateFields() refuses two values for a place of one, and takes them for a list", () => {
  deepStrictEqual(codes({ name: "a" }, [], { needs: [bare("vpc_id"), bare("vpc_id")] }), ["E-BINDING"]);
  deepStrictEqual(codes({ name: "a" }, [], { needs: [bare("name")] }), ["E-BINDING"]);
  deepStrictEqual(codes({ name: "a" }, [], { needs: [bare("subnet_ids"), bare("subnet_ids")] }), []);
  deepStrictEqual(codes({ name: "a" }, [], { needs: [{ ...bare("subnet_ids"), many: true }] }), []);
  deepStrictEqual(codes({ name: "a" }, [], { needs: [{ ...bare("vpc_id"), many: true }] }), ["E-BINDING"]);
});

Deno.test("validateFields() refuses a list that is written and bound, of which one would be lost", () => {
  const needs = [bare("subnet_ids")];
  const written = { name: "a", network: record([["subnet_ids", ["sub-1"]]]) };
  deepStrictEqual(codes(written, ["network"], { needs }), ["E-BINDING"]);
  deepStrictEqual(codes({ name: "a" }, [], { needs }), []);
});

Deno.test("validateFields() lets nobody write or bind what a survey fills in", () => {
  const surveyed: ResourceSchema = { ...SCHEMA, surveyed: "network" };
  const [written, ...others] = problemsOf(
    { name: "a", network: record([["mtu", 1]]) },
    ["network"],
    {},
    surveyed,
  );
  deepStrictEqual(others, []);
  match(
    written?.message ?? "",
    /^Cannot write the section "network" of .*: smelt fills it in before each plan$/,
  );
  const [bound] = problemsOf({ name: "a" }, [], { needs: [path("network", "vpc_id")] }, surveyed);
  match(bound?.message ?? "", /^Cannot bind to "network\.vpc_id" of .*: smelt fills it in before each plan$/);
});

Deno.test("validateFields() refuses an id where a number is wanted", () => {
  deepStrictEqual(codes({ name: "a" }, [], { needs: [bare("mtu")] }), ["E-BINDING"]);
  const output: Need = { ...bare("mtu"), source: { kind: "output", name: "mtu" } };
  deepStrictEqual(codes({ name: "a" }, [], { needs: [output] }), []);
});

const ORIGIN = { file: "main.smelt", line: 2, column: 1 };
const NEED_ORIGIN = { file: "main.smelt", line: 4, column: 3 };

interface Extra {
  readonly needs?: readonly Need[];
  readonly origins?: Readonly<Record<string, typeof ORIGIN>>;
}

function problemsOf(
  fields: Readonly<Record<string, Value>>,
  sections: readonly string[] = [],
  extra: Extra = {},
  schema = SCHEMA,
): readonly Problem[] {
  const parts = { kind: "server", name: "web" };
  const config: ResourceConfig = {
    address: formatAddress(parts),
    parts,
    type: "test.Server",
    fields: record(Object.entries(fields)),
    sections,
    needs: extra.needs ?? [],
    triggers: [],
    annotations: {
      intent: undefined,
      owner: undefined,
      constraints: [],
      lifecycle: [],
      isProtected: false,
      isRetained: false,
      ignoreChanges: [],
      replaceTriggeredBy: [],
      timeoutsMs: {},
    },
    origin: ORIGIN,
    fieldOrigins: new Map(Object.entries(extra.origins ?? {})),
  };
  return validateFields(config, schema);
}

function codes(
  fields: Readonly<Record<string, Value>>,
  sections?: readonly string[],
  extra?: Extra,
): string[] {
  return problemsOf(fields, sections, extra).map((each) => each.code);
}

function hints(
  fields: Readonly<Record<string, Value>>,
  sections?: readonly string[],
): (string | undefined)[] {
  return problemsOf(fields, sections).map((each) => each.hint);
}

function bare(name: string): Need {
  return need({ kind: "name", field: name });
}

function path(group: string, name: string): Need {
  return need({ kind: "path", path: { section: group, field: name } });
}

function need(binding: NeedBinding): Need {
  return { targets: [], many: false, source: { kind: "id" }, binding, origin: NEED_ORIGIN };
}
