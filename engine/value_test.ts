import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { inspect } from "node:util";
import fc from "fast-check";
import { storedValueArbitrary } from "./_value_arbitrary.ts";
import {
  equalValues,
  integer,
  isList,
  isMadeRecord,
  isRecord,
  mapRecord,
  mapValue,
  record,
  SealedSecret,
  Secret,
  someValue,
  Unknown,
  type Value,
  type ValueRecord,
} from "./value.ts";

const CANARY = "hunter2";

Deno.test("Secret shows itself as (sensitive) in every form that a program prints", () => {
  const secret = new Secret(CANARY);
  const forms = [
    String(secret),
    `${secret}`,
    "" + secret,
    [secret].join(),
    secret.toString(),
    JSON.stringify(secret),
    JSON.stringify({ nested: [secret] }),
    inspect(secret),
    inspect({ nested: [secret] }, { showHidden: true, depth: null }),
    Deno.inspect(secret),
    Deno.inspect({ nested: new Map([["key", secret]]) }, { depth: 9, showHidden: true }),
    String(new Error("a call failed", { cause: secret }).cause),
  ];
  for (const form of forms) {
    ok(!form.includes(CANARY), form);
    ok(form.includes("(sensitive)"), form);
  }
  deepStrictEqual([Object.keys(secret), Object.entries(secret)], [[], []]);
  ok(!JSON.stringify(structuredClone(secret)).includes(CANARY));
});

Deno.test("Secret.open() gives the value back, and a secret of a secret is one secret", () => {
  strictEqual(Secret.open(new Secret(new Secret(CANARY))), CANARY);
  deepStrictEqual(Secret.open(new Secret(record([["a", 1]]))), record([["a", 1]]));
});

Deno.test("record() holds names such as __proto__ as ordinary keys, and the last of equal keys wins", () => {
  const made = record([["__proto__", 1], ["constructor", 2], ["a", 3], ["a", 4]]);
  deepStrictEqual(Object.keys(made), ["__proto__", "constructor", "a"]);
  deepStrictEqual([made["__proto__"], made["constructor"], made["a"], made["toString"]], [
    1,
    2,
    4,
    undefined,
  ]);
});

Deno.test("isRecord() and isList() tell the kinds of values apart", () => {
  const specials: Value[] = [new Secret("x"), new SealedSecret("b", "d"), new Unknown("a.b")];
  for (const value of [...specials, null, 1, 1n, "x", []]) ok(!isRecord(value));
  for (const value of [...specials, null, 1, 1n, "x", record()]) ok(!isList(value));
  deepStrictEqual([isRecord(record()), isList([]), isRecord(undefined), isList(undefined)], [
    true,
    true,
    false,
    false,
  ]);
});

Deno.test("integer() is a number exactly where a double holds it", () => {
  strictEqual(integer(2n ** 53n - 1n), Number.MAX_SAFE_INTEGER);
  strictEqual(integer(2n ** 53n), 2n ** 53n);
  strictEqual(integer(-(2n ** 53n) + 1n), Number.MIN_SAFE_INTEGER);
  strictEqual(integer(-(2n ** 53n)), -(2n ** 53n));
});

Deno.test("equalValues() compares by structure, whatever the order of keys", () => {
  ok(equalValues(record([["a", 1], ["b", [null]]]), record([["b", [null]], ["a", 1]])));
  ok(!equalValues(record([["a", 1]]), record([["b", 1]])));
  ok(!equalValues(record([["a", null]]), record()));
  ok(!equalValues([1, 2], [2, 1]));
  ok(!equalValues([null], []));
  ok(equalValues(0, -0));
  ok(!equalValues("1", 1));
  ok(!equalValues([], record()));
});

Deno.test("equalValues() knows secrets by what they hold, sealed ones by blob and digest, unknowns never", () => {
  ok(equalValues(new Secret(record([["a", 1]])), new Secret(record([["a", 1]]))));
  ok(!equalValues(new Secret("a"), new Secret("b")));
  ok(!equalValues(new Secret("a"), "a"));
  ok(!equalValues("a", new Secret("a")));
  ok(equalValues(new SealedSecret("b", "d"), new SealedSecret("b", "d")));
  ok(!equalValues(new SealedSecret("b", "d"), new SealedSecret("b", "e")));
  ok(equalValues(new SealedSecret("b/k1", "d"), new SealedSecret("b/k2", "d")));
  const unknown = new Unknown("a.b");
  ok(!equalValues(unknown, unknown));
  ok(!equalValues([unknown], [unknown]));
});

Deno.test("equalValues() is an equality on all values without an unknown", () => {
  fc.assert(fc.property(storedValueArbitrary, storedValueArbitrary, (left, right) => {
    const isKnown = !someValue(left, (part) => part instanceof Unknown);
    strictEqual(equalValues(left, mapValue(left, (leaf) => leaf)), isKnown);
    strictEqual(equalValues(left, right), equalValues(right, left));
  }));
});

Deno.test("mapValue() changes each leaf and nothing else, someValue() looks at each leaf", () => {
  const value = record([["a", [1, record([["b", 2]])]], ["c", new Unknown("x.y")]]);
  const doubled = mapValue(value, (leaf) => typeof leaf === "number" ? leaf * 2 : leaf);
  deepStrictEqual(doubled, record([["a", [2, record([["b", 4]])]], ["c", new Unknown("x.y")]]));
  ok(someValue(doubled, (leaf) => leaf === 4));
  ok(!someValue(doubled, (leaf) => leaf === 1));
});

Deno.test("mapRecord() gives back the very same record where nothing changes, and copies what record() has not made", () => {
  const values = record([["a", 1], ["__proto__", record([["b", 2]])]]);
  strictEqual(mapRecord(values, (value) => value), values);
  const changed = mapRecord(values, (value) => value === 1 ? 3 : value);
  deepStrictEqual(Object.entries(changed), [["a", 3], ["__proto__", record([["b", 2]])]]);
  strictEqual(values["a"], 1);
  const foreign: ValueRecord = JSON.parse('{"a":1,"__proto__":2}');
  const copied = mapRecord(foreign, (value) => value);
  deepStrictEqual(Object.entries(copied), [["a", 1], ["__proto__", 2]]);
  deepStrictEqual([copied["constructor"], copied["toString"]], [undefined, undefined]);
});

Deno.test("record() makes objects that inherit no name, and keep any name as their own", () => {
  const made = record([["__proto__", 1], ["constructor", 2]]);
  deepStrictEqual(Object.keys(made), ["__proto__", "constructor"]);
  deepStrictEqual(["toString", "hasOwnProperty", "valueOf"].map((name) => name in record()), [
    false,
    false,
    false,
  ]);
  ok(isMadeRecord(made) && !isMadeRecord({}) && !isMadeRecord(Object.create(null)));
});
