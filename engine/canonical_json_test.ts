import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import * as canonicalizeModule from "canonicalize";
import fc from "fast-check";
import { canonicalJson, NESTING_LIMIT, parseCanonicalJson } from "./canonical_json.ts";
import { InvariantError } from "./invariant.ts";
import type { Json } from "./json.ts";

/** The package is CommonJS, and its types say otherwise than its code where the function stands. */
const reference = canonicalizeModule.default as unknown as (json: Json) => string | undefined;

const LITERALS: readonly Json[] = [null, true, false];

/** Any JSON, with the keys and numbers at which writers differ. */
const json: fc.Arbitrary<Json> = fc.letrec<{ readonly node: Json }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(...LITERALS),
    fc.constantFrom<Json>("", -0, 1e21, 1e-7, 5e-324, 1.7976931348623157e308, 2 ** 53 + 2),
    fc.string({ unit: "grapheme" }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie("node"), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(
        fc.string({ unit: "grapheme" }),
        fc.constantFrom(
          "",
          "__proto__",
          "constructor",
          "\u{10000}",
          "\uffff",
          "\u20ac",
          "\r",
          '"',
          "10",
          "9",
        ),
      ),
      tie("node"),
      { maxKeys: 5 },
    ),
  ),
})).node;

Deno.test("canonicalJson() writes what the reference implementation of RFC 8785 writes", () => {
  fc.assert(fc.property(json, (value) => {
    strictEqual(canonicalJson(value), reference(value));
  }));
});

Deno.test("canonicalJson() writes the example of RFC 8785 section 3.2.4", () => {
  const example = {
    numbers: [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    literals: [null, true, false],
  };
  strictEqual(
    canonicalJson(example),
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
      '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

Deno.test("canonicalJson() sorts keys by UTF-16 unit, not by code point", () => {
  const keys = { "\uffff": 1, "\u{10000}": 2, "1": 3, "\u20ac": 4 };
  strictEqual(canonicalJson(keys), '{"1":3,"\u20ac":4,"\u{10000}":2,"\uffff":1}');
});

Deno.test("canonicalJson() refuses what JSON cannot hold", () => {
  for (const bad of [NaN, Infinity, -Infinity, "\ud800", "a\udc00b", ["\udfff\ud800"]]) {
    throws(() => canonicalJson(bad), InvariantError);
  }
  throws(() => canonicalJson({ "\ud800": 1 }), InvariantError);
  strictEqual(canonicalJson("\ud83d\ude00"), '"\ud83d\ude00"');
});

Deno.test("parseCanonicalJson() reads back what canonicalJson() wrote", () => {
  fc.assert(fc.property(json, (value) => {
    const text = canonicalJson(value);
    const parsed = parseCanonicalJson(text);
    strictEqual(parsed === undefined ? undefined : canonicalJson(parsed), text);
  }));
});

Deno.test("parseCanonicalJson() refuses every other spelling", () => {
  const spellings = [
    "",
    " ",
    "{",
    '{"a":1,}',
    ' {"a":1}',
    '{"a":1}\n',
    '{"a": 1}',
    '{"b":1,"a":2}',
    '{"a":1,"a":1}',
    '{"a":1,"a":2}',
    '{"__proto__":1,"__proto__":1}',
    "1.0",
    "1e2",
    "-0",
    "01",
    "1E30",
    "1e30",
    "12345678901234567890",
    "0.10",
    "1e400",
    '"\\u0041"',
    '"\\/"',
    '"\\u000A"',
    '"\\u000F"',
    '"\\ud800"',
    '{"\\ud800":1}',
    '"\ud800"',
    "\ufeff1",
    "NaN",
    "undefined",
    "'a'",
  ];
  for (const text of spellings) strictEqual(parseCanonicalJson(text), undefined, JSON.stringify(text));
});

Deno.test("parseCanonicalJson() refuses a text with any one character changed, added or left out, or reads another value", () => {
  fc.assert(fc.property(json, fc.nat(), fc.string({ maxLength: 2 }), (value, at, replacement) => {
    const text = canonicalJson(value);
    const index = at % text.length;
    const changed = text.slice(0, index) + replacement + text.slice(index + 1);
    const parsed = parseCanonicalJson(changed);
    if (parsed !== undefined) strictEqual(canonicalJson(parsed), changed);
  }));
});

Deno.test("parseCanonicalJson() keeps a key named __proto__ as an ordinary key", () => {
  const parsed = parseCanonicalJson('{"__proto__":{"admin":true}}');
  deepStrictEqual(Object.keys(parsed ?? {}), ["__proto__"]);
  strictEqual(canonicalJson(parsed ?? null), '{"__proto__":{"admin":true}}');
});

Deno.test("parseCanonicalJson() refuses nesting that no writer makes, and does not run out of stack", () => {
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  strictEqual(parseCanonicalJson(nested(1_000_000)), undefined);
  strictEqual(parseCanonicalJson(nested(NESTING_LIMIT + 1)), undefined);
  const deepest = parseCanonicalJson(nested(NESTING_LIMIT));
  strictEqual(canonicalJson(deepest ?? null), nested(NESTING_LIMIT));
  throws(() => canonicalJson([deepest ?? null]), InvariantError);
});
