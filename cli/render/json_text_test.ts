import { deepStrictEqual, doesNotMatch, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { anyText } from "../../tests/support/any_text.ts";
import { record, SealedSecret, Secret, Unknown, type Value } from "../../engine/value.ts";
import { jsonLine, jsonText, type Printable, sortedKeys } from "./json_text.ts";

const anyValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    anyText,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(anyText, tie("value")), { maxLength: 4 }).map((all) => record(all)),
  ),
})).value;

Deno.test("jsonText() and jsonLine() are read back by JSON.parse as they were, and are inert", () => {
  fc.assert(fc.property(anyValue, (value) => {
    const wanted: unknown = JSON.parse(JSON.stringify(value));
    for (const text of [jsonText(value), jsonLine(value)]) {
      deepStrictEqual(JSON.parse(text), wanted);
      doesNotMatch(
        text.replaceAll("\n", ""),
        /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/u,
      );
    }
    doesNotMatch(jsonLine(value), /\n/);
  }));
});

Deno.test("jsonText() writes whole numbers as digits, however large", () => {
  strictEqual(jsonText(9223372036854775807n), "9223372036854775807");
  strictEqual(jsonLine({ n: -(2n ** 70n) }), '{"n":-1180591620717411303424}');
});

Deno.test("jsonText() says of secrets that they are, and of what is not known yet that it is not", () => {
  const value: Printable = {
    open: new Secret("hunter2"),
    sealed: new SealedSecret("blob", "digest"),
    later: new Unknown("net.main"),
    from: new Unknown("key.main", { output: "pem", isSensitive: true }),
    nested: [[new Secret({ deep: "hunter2" })]],
  };
  for (const text of [jsonText(value), jsonLine(value)]) {
    doesNotMatch(text, /hunter2/);
    deepStrictEqual(JSON.parse(text), {
      open: "(sensitive)",
      sealed: "(sensitive)",
      later: { unknown: true },
      from: { unknown: true, address: "key.main", output: "pem", sensitive: true },
      nested: [["(sensitive)"]],
    });
  }
});

Deno.test("jsonText() escapes what a terminal would act on, outside the first plane too", () => {
  strictEqual(jsonText("\x1b[2J\u202e\u{e0041}"), '"\\u001b[2J\\u202e\\udb40\\udc41"');
});

Deno.test("jsonText() leaves out what is undefined, and indents by two spaces", () => {
  strictEqual(
    jsonText({ a: undefined, b: [1, {}], c: [] }),
    '{\n  "b": [\n    1,\n    {}\n  ],\n  "c": []\n}',
  );
});

Deno.test("sortedKeys() orders keys at every depth by code point, and keeps one named __proto__", () => {
  const value = record([["b", 1], ["__proto__", record([["z", 1], ["a", 2]])], ["a", [
    record([["y", 1], ["x", 2]]),
  ]]]);
  strictEqual(jsonLine(sortedKeys(value)), '{"__proto__":{"a":2,"z":1},"a":[{"x":2,"y":1}],"b":1}');
});
