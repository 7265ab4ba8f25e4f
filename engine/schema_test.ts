import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { testSchema } from "./planning_fixture_test.ts";
import { field, fieldAt, section } from "./schema.ts";

Deno.test("field() and section() leave out what is not said", () => {
  const made = section("net", "Network", [field("cidr", { kind: "string" }, "Range", { immutable: true })]);
  deepStrictEqual([made.open, made.fields.length], [false, 1]);
  const [cidr] = made.fields;
  const set = Object.entries(cidr ?? {}).filter(([, value]) => value !== undefined && value !== false);
  deepStrictEqual(set.map(([name]) => name), ["name", "summary", "type", "immutable"]);
});

Deno.test("fieldAt() finds a field in its section only", () => {
  const schema = testSchema("t.Net");
  strictEqual(schema && fieldAt(schema, { section: "extra", field: "mode" })?.defaultValue, "slow");
  strictEqual(schema && fieldAt(schema, { section: "", field: "mode" }), undefined);
  strictEqual(schema && fieldAt(schema, { section: "nope", field: "mode" }), undefined);
});
