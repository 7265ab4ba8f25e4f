import { deepStrictEqual } from "node:assert/strict";
import { diffDrift, diffResource, type DiffSides } from "./diff_resource.ts";
import { field, type FieldSchema, type ResourceSchema, section, type SectionSchema } from "./schema.ts";
import { record, SealedSecret, Secret, Unknown, type Value, type ValueRecord } from "./value.ts";

const TEXT = { kind: "string" } as const;

interface Fields {
  readonly [key: string]: Value;
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

function body(...fields: readonly FieldSchema[]): ResourceSchema {
  return typeWith([section("", "Body", fields)]);
}

function fieldsOf(fields: Fields): ValueRecord {
  return record(Object.entries(fields));
}

interface Sides {
  readonly wanted?: Fields;
  readonly applied?: Fields;
  readonly live?: Fields;
}

function paths(schema: ResourceSchema, { wanted = {}, applied = {}, live = {} }: Sides): readonly string[] {
  const sides: DiffSides = { wanted: fieldsOf(wanted), applied: fieldsOf(applied), live: fieldsOf(live) };
  return diffResource(schema, sides).map((each) => each.forcesReplacement ? `${each.path} !` : each.path);
}

Deno.test("diffResource() compares a plain field with what lives, whatever was sent last", () => {
  const schema = body(field("name", TEXT, "Name"));
  deepStrictEqual(paths(schema, { wanted: { name: "a" }, applied: { name: "a" }, live: { name: "b" } }), [
    "name",
  ]);
  deepStrictEqual(paths(schema, { wanted: { name: "b" }, applied: { name: "a" }, live: { name: "b" } }), []);
  deepStrictEqual(paths(schema, { wanted: {}, applied: { name: "a" }, live: { name: "a" } }), ["name"]);
});

Deno.test("diffResource() compares a write-only field with what was sent last", () => {
  const schema = body(field("password", TEXT, "Password", { writeOnly: true }));
  deepStrictEqual(paths(schema, { wanted: { password: "a" }, applied: { password: "a" } }), []);
  deepStrictEqual(paths(schema, { wanted: { password: "b" }, applied: { password: "a" } }), ["password"]);
  deepStrictEqual(paths(schema, { wanted: { password: "a" } }), ["password"]);
  deepStrictEqual(paths(schema, { applied: { password: "a" } }), ["password"]);
  deepStrictEqual(paths(schema, {}), []);
});

Deno.test("diffResource() compares write-only parts of records with what was sent last", () => {
  const user = {
    kind: "record",
    fields: [field("name", TEXT, "Name"), field("password", TEXT, "Password", { writeOnly: true })],
  } as const;
  const schema = body(
    field("admin", user, "First user"),
    field("users", { kind: "list", element: user }, "Users"),
    field("by_team", { kind: "map", element: user }, "Users by team"),
  );
  const sent = record([["name", "a"], ["password", "p"]]);
  const told = record([["name", "a"]]);
  const applied = { admin: sent, users: [sent], by_team: record([["x", sent]]) };
  const live = { admin: told, users: [told], by_team: record([["x", told]]) };
  deepStrictEqual(paths(schema, { wanted: applied, applied, live }), []);
  const other = record([["name", "a"], ["password", "q"]]);
  const wanted = { admin: other, users: [other], by_team: record([["x", other]]) };
  deepStrictEqual(paths(schema, { wanted, applied, live }), [
    "admin.password",
    "users[0].password",
    "by_team.x.password",
  ]);
  const renamed = { ...live, admin: record([["name", "b"]]) };
  deepStrictEqual(paths(schema, { wanted: applied, applied, live: renamed }), ["admin.name"]);
});

Deno.test("diffResource() leaves a computed field alone until somebody wants it", () => {
  const schema = body(field("zone", TEXT, "Zone", { computed: true, immutable: true }));
  deepStrictEqual(paths(schema, { live: { zone: "a" } }), []);
  deepStrictEqual(paths(schema, { wanted: { zone: null }, live: { zone: "a" } }), []);
  deepStrictEqual(paths(schema, { wanted: { zone: "a" }, live: { zone: "a" } }), []);
  deepStrictEqual(paths(schema, { wanted: { zone: "b" }, live: { zone: "a" } }), ["zone !"]);
});

Deno.test("diffResource() says which changes need a new object", () => {
  const schema = typeWith([
    section("", "Body", [field("name", TEXT, "Name")]),
    section("net", "Network", [field("cidr", TEXT, "Range", { immutable: true })]),
  ]);
  const live = { name: "a", net: record([["cidr", "10.0.0.0/8"]]) };
  const wanted = { name: "b", net: record([["cidr", "10.0.0.0/16"]]) };
  deepStrictEqual(paths(schema, { wanted, live }), ["name", "net.cidr !"]);
  deepStrictEqual(paths(schema, { wanted: { ...live, net: record([["cidr", new Unknown("a.b")]]) }, live }), [
    "net.cidr !",
  ]);
  deepStrictEqual(paths(schema, { wanted: { name: "a" }, live }), ["net.cidr !"]);
});

Deno.test("diffResource() compares a whole section that one side lacks", () => {
  const schema = typeWith([
    section("backup", "Backups", [field("days", { kind: "integer" }, "Days"), field("at", TEXT, "At")]),
  ]);
  const written = { backup: record([["days", 7], ["at", null]]) };
  deepStrictEqual(paths(schema, { wanted: written }), ["backup.days"]);
  deepStrictEqual(paths(schema, { live: written }), ["backup.days"]);
  deepStrictEqual(paths(schema, { wanted: { backup: record() }, live: {} }), []);
});

Deno.test("diffResource() compares every field of an open section, and of a closed one those of the schema", () => {
  const open: SectionSchema = {
    name: "input",
    summary: "Input",
    open: true,
    fields: [field("b", TEXT, "B", { immutable: true })],
  };
  const schema = typeWith([open, section("closed", "Closed", [field("known", TEXT, "Known")])]);
  const wanted = { input: record([["z", 1], ["a", [1]], ["b", "x"]]), closed: record([["known", "k"]]) };
  const live = { input: record([["a", [2]], ["gone", true]]), closed: record([["known", "k"], ["else", 1]]) };
  deepStrictEqual(paths(schema, { wanted, live }), ["input.b !", "input.a[0]", "input.gone", "input.z"]);
});

Deno.test("diffResource() treats names such as __proto__ in an open section as names", () => {
  const schema = typeWith([{ name: "input", summary: "Input", open: true, fields: [] }]);
  const wanted = { input: record([["__proto__", 1], ["constructor", 2]]) };
  deepStrictEqual(paths(schema, { wanted, live: {} }), ["input.__proto__", "input.constructor"]);
  deepStrictEqual(paths(schema, { wanted, live: wanted }), []);
});

Deno.test("diffResource() tells a new secret from the sealed one that lives", () => {
  const schema = body(field("token", TEXT, "Token", { sensitive: true }));
  const sealed = new SealedSecret("id/key", "digest");
  deepStrictEqual(paths(schema, { wanted: { token: sealed }, live: { token: sealed } }), []);
  deepStrictEqual(paths(schema, { wanted: { token: new Secret("new") }, live: { token: sealed } }), [
    "token",
  ]);
});

Deno.test("diffDrift() tells what a read found otherwise, outputs too, and never a reason to replace", () => {
  const schema = body(
    field("cidr", TEXT, "Range", { immutable: true }),
    field("zone", TEXT, "Zone", { computed: true }),
    field("password", TEXT, "Password", { writeOnly: true }),
  );
  const stored = {
    fields: fieldsOf({ cidr: "a", zone: "x", password: "p" }),
    outputs: fieldsOf({ arn: "1", old: true }),
  };
  const found = { fields: fieldsOf({ cidr: "b", zone: "y" }), outputs: fieldsOf({ arn: "2" }) };
  deepStrictEqual(
    diffDrift(schema, stored, found).map((
      each,
    ) => [each.path, each.before, each.after, each.forcesReplacement]),
    [
      ["cidr", "a", "b", false],
      ["zone", "x", "y", false],
      ["output arn", "1", "2", false],
      ["output old", true, undefined, false],
    ],
  );
  deepStrictEqual(diffDrift(schema, stored, stored), []);
});
