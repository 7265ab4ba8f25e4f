import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { markLike, markSensitive, markSensitiveFields } from "./mark_sensitive.ts";
import { field, type FieldSchema, section } from "./schema.ts";
import { equalValues, record, SealedSecret, Secret, Unknown, type Value } from "./value.ts";

const PASSWORD = field("password", { kind: "string" }, "Says it.", { sensitive: true });
const NAME = field("name", { kind: "string" }, "Says it.");
const USER: readonly FieldSchema[] = [NAME, PASSWORD];
const SEALED = new SealedSecret("a/b", "c");

Deno.test("markSensitive() hides a sensitive field and no other", () => {
  const marked = markSensitive(record([["name", "ann"], ["password", "x"], ["extra", "y"]]), USER);
  hides(marked["password"], "x");
  strictEqual(marked["name"], "ann");
  strictEqual(marked["extra"], "y");
});

Deno.test("markSensitive() goes into records, lists of records and maps", () => {
  const user = record([["name", "ann"], ["password", "x"]]);
  const fields = [
    field("owner", { kind: "record", fields: USER }, "Says it."),
    field("users", { kind: "list", element: { kind: "record", fields: USER } }, "Says it."),
    field("roles", { kind: "map", element: { kind: "record", fields: USER } }, "Says it."),
  ];
  const values = record([["owner", user], ["users", [user, user]], ["roles", record([["__proto__", user]])]]);
  const marked = markSensitive(values, fields);
  const hidden = record([["name", "ann"], ["password", new Secret("x")]]);
  const wanted = record([
    ["owner", hidden],
    ["users", [hidden, hidden]],
    ["roles", record([["__proto__", hidden]])],
  ]);
  ok(equalValues(marked, wanted));
});

Deno.test("markSensitive() hides a structure whole, secrets inside it included", () => {
  const fields = [field("data", { kind: "any" }, "Says it.", { sensitive: true })];
  const marked = markSensitive(record([["data", record([["a", new Secret("x")], ["b", [1]]])]]), fields);
  hides(marked["data"], record([["a", "x"], ["b", [1]]]));
});

Deno.test("markSensitive() leaves what is hidden, sealed, unknown or not there", () => {
  const fields = [field("data", { kind: "any" }, "Says it.", { sensitive: true })];
  for (const value of [new Secret("x"), SEALED, new Unknown("a.b"), null, [], record()]) {
    strictEqual(markSensitive(record([["data", value]]), fields)["data"], value);
  }
});

Deno.test("markSensitive() hides the known leaves beside what is unknown or sealed", () => {
  const fields = [field("data", { kind: "any" }, "Says it.", { sensitive: true })];
  const unknown = new Unknown("a.b");
  const marked = markSensitive(record([["data", [unknown, SEALED, "x", record([["y", 1]])]]]), fields);
  const { data } = marked;
  ok(Array.isArray(data));
  strictEqual(data[0], unknown);
  strictEqual(data[1], SEALED);
  hides(data[2], "x");
  ok(equalValues(data[3], record([["y", new Secret(1)]])));
});

Deno.test("markSensitiveFields() knows the body and named sections", () => {
  const sections = [section("", "Says it.", USER), section("root", "Says it.", USER)];
  const user = record([["name", "ann"], ["password", "x"]]);
  const marked = markSensitiveFields(record([...Object.entries(user), ["root", user]]), sections);
  const hidden = record([["name", "ann"], ["password", new Secret("x")]]);
  ok(equalValues(marked, record([...Object.entries(hidden), ["root", hidden]])));
});

Deno.test("markLike() hides what comes back where a secret was sent", () => {
  const sent = record([["input", record([["a", new Secret("x")], ["b", "y"]])], ["c", SEALED]]);
  const live = record([["input", record([["a", "x2"], ["b", "y"]])], ["c", "z"], ["id", "i"]]);
  const wanted = record([
    ["input", record([["a", new Secret("x2")], ["b", "y"]])],
    ["c", new Secret("z")],
    ["id", "i"],
  ]);
  ok(equalValues(markLike(live, sent), wanted));
  strictEqual(markLike(live, undefined), live);
});

Deno.test("markLike() hides all elements of a list that held a secret, and a part that changed its kind", () => {
  const marked = markLike(["p", "x"], [new Secret("x"), "p"]);
  ok(equalValues(marked, [new Secret("p"), new Secret("x")]));
  ok(equalValues(markLike(record([["a", "x"]]), new Secret("x")), new Secret(record([["a", "x"]]))));
  ok(equalValues(markLike("x", record([["a", SEALED]])), new Secret("x")));
});

Deno.test("markLike() leaves what is in clear in a list alone while all of it is in its place", () => {
  const model = [1, record([["k", ["y", SEALED]], ["n", "z"]]), new Secret("w")];
  const live = [1, record([["k", ["y", "x"]], ["n", "z"], ["extra", "e"]]), "w"];
  const hidden = [
    1,
    record([["k", ["y", new Secret("x")]], ["n", "z"], ["extra", new Secret("e")]]),
    new Secret("w"),
  ];
  ok(equalValues(markLike(live, model), hidden));
  for (const other of [live.toReversed(), [1, record([["k", ["x", "y"]], ["n", "z"]]), "w"], live.slice(1)]) {
    ok(equalValues(markLike(other, model), other.map((part) => new Secret(part))));
  }
});

function hides(value: Value | undefined, clear: Value): void {
  ok(value instanceof Secret);
  deepStrictEqual(Secret.open(value), clear);
}

Deno.test("markSensitive() hides whole what has another shape than its schema says and would hold a secret", () => {
  const user = { kind: "record", fields: USER } as const;
  const fields = [
    field("owner", user, "Says it."),
    field("users", { kind: "list", element: user }, "Says it."),
    field("roles", { kind: "map", element: user }, "Says it."),
    field("names", { kind: "list", element: { kind: "string" } }, "Says it."),
  ];
  const told = record([["owner", ["x"]], ["users", "x"], ["roles", [record([["password", "x"]])]], [
    "names",
    "x",
  ]]);
  const marked = markSensitive(told, fields);
  for (const name of ["owner", "users", "roles"]) ok(marked[name] instanceof Secret, name);
  strictEqual(marked["names"], "x");
  const inSection = markSensitiveFields(record([["login", "x"]]), [section("login", "Says it.", [PASSWORD])]);
  hides(inSection["login"], "x");
});
