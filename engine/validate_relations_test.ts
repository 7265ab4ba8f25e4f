import { deepStrictEqual } from "node:assert/strict";
import { storedAddress } from "./address.ts";
import type { Problem } from "./problem.ts";
import type { DesiredConfig, Need, ResourceConfig } from "./resource_config.ts";
import { field, type ResourceSchema, section } from "./schema.ts";
import { need, plain, type ResourceSketch, testSchema, wantedConfig } from "./planning_fixture_test.ts";
import { validateRelations } from "./validate_relations.ts";

const TEXT = { kind: "string" } as const;
const AT = { file: "main.smelt", line: 7, column: 3 };

const PORTS = field("ports", { kind: "list", element: { kind: "integer" } }, "Ports");

/** A type with every way in which a name may or may not give something. */
const HOST: ResourceSchema = {
  type: "t.Host",
  summary: "A host",
  version: 1,
  sections: [
    section("", "Body", [
      field("labels", { kind: "map", element: TEXT }, "Labels"),
      field("plan", TEXT, "Plan", { defaultValue: "small" }),
      field("note", TEXT, "Note"),
      field("secret", TEXT, "Secret", { writeOnly: true }),
      field("bucket", { kind: "ref", target: "t.Bucket" }, "Bucket"),
      field("notes", { kind: "list", element: TEXT }, "Notes"),
      field("size", { kind: "enum", members: ["small", "large"] }, "Size"),
      field("nets", { kind: "list", element: { kind: "ref", target: "t.Net" } }, "Nets"),
    ]),
    section("network", "Network", [field("zone", TEXT, "Zone", { computed: true })]),
  ],
  outputs: [field("address", TEXT, "Address"), field("count", { kind: "integer" }, "Count"), PORTS],
  world: undefined,
  timeoutsMs: { create: 1, update: 1, delete: 1, read: 1 },
  importId: undefined,
  sbomKind: "data",
};

function schemaOf(type: string): ResourceSchema | undefined {
  return type === "t.Host" ? HOST : testSchema(type);
}

function host(address: string, sketch: ResourceSketch = {}): ResourceConfig {
  return wantedConfig(address, { type: "t.Host", ...sketch });
}

function at(need: Need): Need {
  return { ...need, origin: AT };
}

function problemsOf(
  resources: readonly ResourceConfig[],
  outputs: DesiredConfig["outputs"] = [],
): readonly Problem[] {
  return validateRelations({ resources, moved: [], removed: [], imports: [], outputs }, schemaOf);
}

/** What taking `name` of `target` is answered with. */
function taking(target: ResourceConfig, name: string): readonly (readonly [string, string | undefined])[] {
  const taker = wantedConfig("t.taker", { needs: [at(need(target.address, name, "label"))] });
  return problemsOf([target, taker]).map(({ message, hint }) => [message, hint]);
}

Deno.test("validateRelations() says which output there is instead of the one that is needed, and where", () => {
  const taker = wantedConfig("t.taker", { needs: [at(need("t.a", "adress", "label"))] });
  deepStrictEqual(problemsOf([host("t.a"), taker]), [{
    code: "E-UNKNOWN-OUTPUT",
    message: 'Cannot bind "t.a.adress" (t.Host): it has no output "adress"',
    origin: AT,
    hint: 'Did you mean "address"?',
  }]);
  const [, farHint] = taking(host("t.a"), "colour")[0] ?? [];
  deepStrictEqual(farHint, 'There are "id", "address", "count", "ports"');
  deepStrictEqual(taking(host("t.a"), "zone")[0]?.[1], 'Did you mean "network.zone"?');
});

Deno.test("validateRelations() lets ids, outputs, fields with a value and what a provider sets be taken", () => {
  const given = host("t.a", { fields: { note: "x", labels: plain({ team: "y" }) } });
  for (const name of ["id", "address", "note", "plan", "network.zone", "labels", "labels.team"]) {
    deepStrictEqual(taking(given, name), [], name);
  }
  const bound = host("t.a", { needs: [need("t.b", "address", "note")] });
  const taker = wantedConfig("t.taker", { needs: [need("t.a", "note", "label")] });
  deepStrictEqual(problemsOf([host("t.b"), bound, taker]), []);
  deepStrictEqual(taking(host("t.a", { ignoreChanges: ["note"] }), "note"), []);
});

Deno.test("validateRelations() refuses a field that nobody gives a value, and one that is never read back", () => {
  deepStrictEqual(taking(host("t.a"), "note"), [[
    'Cannot bind "t.a.note" (t.Host): "note" has no value there',
    'Write it in "t.a", or bind something to it',
  ]]);
  deepStrictEqual(taking(host("t.a"), "labels.team").length, 1);
  deepStrictEqual(taking(host("t.a", { fields: { secret: "x" } }), "secret"), [[
    'Cannot bind "t.a.secret" (t.Host): "secret" is never read back',
    'There are "id", "address", "count", "ports"',
  ]]);
});

Deno.test("validateRelations() knows what an open section echoes, written or bound", () => {
  const data = wantedConfig("t.d", {
    type: "t.Data",
    fields: { input: plain({ size: 1 }) },
    needs: [need("t.a", "address", "input.host")],
  });
  const taker = (name: string) => wantedConfig("t.taker", { needs: [at(need("t.d", name, "label"))] });
  for (const name of ["size", "host", "input.size", "input.host"]) {
    deepStrictEqual(problemsOf([host("t.a"), data, taker(name)]), [], name);
  }
  deepStrictEqual(problemsOf([host("t.a"), data, taker("sise")]).map(({ hint }) => hint), [
    'Did you mean "size"?',
  ]);
});

Deno.test("validateRelations() refuses the id of another type, naming both", () => {
  const taker = (target: string, to: string) => host("t.taker", { needs: [at(need(target, "id", to))] });
  const net = wantedConfig("t.net");
  deepStrictEqual(problemsOf([net, taker("t.net", "bucket")]), [{
    code: "E-BINDING",
    message:
      'Cannot bind to "bucket" of "t.taker" (t.Host): it takes the id of a t.Bucket, "t.net.id" is that of a t.Net',
    origin: AT,
  }]);
  deepStrictEqual(problemsOf([net, taker("t.net", "nets")]), []);
  const parented = wantedConfig("t.a", { needs: [need("t.net", "id", "peer")] });
  const through = host("t.taker", { needs: [at(need("t.a", "peer", "bucket"))] });
  deepStrictEqual(problemsOf([net, parented, through]).map(({ code }) => code), ["E-BINDING"]);
});

Deno.test("validateRelations() refuses a number where a text is wanted", () => {
  const taker = host("t.taker", { needs: [at(need("t.a", "count", "note"))] });
  deepStrictEqual(problemsOf([host("t.a"), taker]).map(({ code, message }) => [code, message]), [[
    "E-BINDING",
    'Cannot bind to "note" of "t.taker" (t.Host): it takes a text, "t.a.count" is a number',
  ]]);
});

/** Why what is given does not fit the place of a host; `undefined` when it does. */
function whyUnfit(given: Need): string | undefined {
  const [found] = problemsOf([host("t.a"), wantedConfig("t.net"), host("t.taker", { needs: [at(given)] })]);
  return found?.message.split(" (t.Host): ")[1];
}

Deno.test("validateRelations() refuses numbers where a list of texts is wanted, one or a list of them", () => {
  const numbers = 'it takes a list of texts, "t.a.count" is a number';
  deepStrictEqual(whyUnfit(need("t.a", "count", "notes")), numbers);
  deepStrictEqual(whyUnfit(need(["t.a"], "count", "notes")), numbers);
  deepStrictEqual(
    whyUnfit(need("t.a", "ports", "notes")),
    'it takes a list of texts, "t.a.ports" is a list of numbers',
  );
  deepStrictEqual(whyUnfit(need("t.a", "address", "notes")), undefined);
});

Deno.test("validateRelations() refuses a list where one text is wanted", () => {
  deepStrictEqual(whyUnfit(need("t.a", "ports", "note")), 'it takes a text, "t.a.ports" is a list');
});

Deno.test("validateRelations() refuses an id where one of few texts is wanted", () => {
  deepStrictEqual(
    whyUnfit(need("t.net", "id", "size")),
    'it takes "small" or "large", "t.net.id" is the id of a t.Net',
  );
  deepStrictEqual(whyUnfit(need("t.a", "address", "size")), undefined);
});

Deno.test("validateRelations() says once what all instances of a template need in vain", () => {
  const shared = at(need(["t.a", "t.b"], "adress", "label"));
  const takers = ["t.x", "t.y"].map((address) => wantedConfig(address, { needs: [shared] }));
  deepStrictEqual(problemsOf([host("t.a"), host("t.b"), ...takers]).length, 1);
});

Deno.test("validateRelations() refuses an output that shows what its resource cannot give", () => {
  const output = { name: "where", target: storedAddress("t.a"), path: "adress", origin: AT };
  deepStrictEqual(problemsOf([host("t.a")], [output]), [{
    code: "E-UNKNOWN-OUTPUT",
    message: 'Cannot show "t.a.adress" (t.Host) as output "where": it has no output "adress"',
    origin: AT,
    hint: 'Did you mean "address"?',
  }]);
  deepStrictEqual(problemsOf([host("t.a")], [{ ...output, path: "address" }]), []);
});

Deno.test("validateRelations() names the field near one that @ignore_changes mistakes, at the annotation", () => {
  const config = host("t.a", { ignoreChanges: ["labels", "nots", "zone"] });
  const origins = new Map([["@ignore_changes 1", AT]]);
  deepStrictEqual(problemsOf([{ ...config, fieldOrigins: origins }]), [
    {
      code: "E-UNKNOWN-FIELD",
      message: 'Unknown field "nots" in @ignore_changes of "t.a" (t.Host)',
      origin: AT,
      hint: 'Did you mean "note"?',
    },
    {
      code: "E-UNKNOWN-FIELD",
      message: 'Unknown field "zone" in @ignore_changes of "t.a" (t.Host)',
      origin: config.origin,
      hint: 'Did you mean "network.zone"?',
    },
  ]);
  deepStrictEqual(
    problemsOf([host("t.a", { ignoreChanges: ["network", "labels.team", "network.zone"] })]),
    [],
  );
});
