import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { expandExample, outcome, resourceLine } from "./expand_example.ts";

const CASES: readonly (readonly [title: string, body: string, want: readonly string[]])[] = [
  [
    "keys elements by text, by number, else by position",
    'for_each = ["a", 7, true, 1.5, [1], {}, "${env(\\"REGION\\")}"] v = each.value k = each.key',
    [
      'q.w[a] {v="a" k="a"}',
      'q.w[7] {v=7 k="7"}',
      'q.w[2] {v=true k="2"}',
      'q.w[3] {v=1.5 k="3"}',
      'q.w[4] {v=[1] k="4"}',
      'q.w[5] {v={} k="5"}',
      'q.w[6] {v="eu" k="6"}',
    ],
  ],
  [
    "takes records by key",
    'for_each = { eu = { n = 1 } "us west" = { n = 2 } } k = each.key n = each.value.n i = each.index',
    [
      'q.w[eu] {k="eu" n=1 i=0}',
      'q.w["us west"] {k="us west" n=2 i=1}',
    ],
  ],
  [
    "takes the keys of a record in their order, however it is written",
    "for_each = { b = 1, a = 2 } n = each.value i = each.index",
    [
      "q.w[a] {n=2 i=0}",
      "q.w[b] {n=1 i=1}",
    ],
  ],
  [
    "reads fields of records in lists",
    'for_each = [{ n = "x" s = { t = 1 } }] a = each.value.s.t b = "${each.value.n}"',
    [
      'q.w[0] {a=1 b="x"}',
    ],
  ],
  ["refuses fields that an element does not have", 'for_each = [{ name = 1 }, "x"] a = each.value.nam', [
    'E-FOREACH-VALUE 1:61 Cannot read "each.value.nam": instance [0] has no field of that name, did you mean "name"?',
    'E-FOREACH-VALUE 1:61 Cannot read "each.value.nam": instance [x] has no record',
  ]],
  ["gives count its number", "count = 2 a = each.value b = each.key c = each.index", [
    'q.w[0] {a=0 b="0" c=0}',
    'q.w[1] {a=1 b="1" c=1}',
  ]],
  ["refuses two elements of one key", 'for_each = ["1", 1]', [
    'E-DUP-RESOURCE 1:43 Duplicate instance [1]: elements 0 and 1 of "for_each" have one key',
  ]],
  ["refuses an element whose position is the key of another", "for_each = [1, true]", [
    'E-DUP-RESOURCE 1:41 Duplicate instance [1]: elements 0 and 1 of "for_each" have one key',
  ]],
  ["refuses a control character in a key", 'for_each = ["a\\n"]', [
    'E-FOREACH-VALUE 1:38 Remove the control character from the key "a\\n"',
  ]],
  ["refuses each in the list itself", "for_each = [each.index]", [
    'E-EACH-OUTSIDE 1:38 Unresolved "each.index": the resource has no "for_each" and no "count"',
  ]],
  ["says what all instances get wrong once", 'for_each = ["a", "b"] a = param.x', [
    'E-UNRESOLVED-PARAM 1:52 Unresolved "param.x": parameters have values only inside components',
  ]],
  ["refuses more than 10,000 by count", "count = 10001", [
    'E-EXPANSION-LIMIT 1:34 Make "count" smaller: found 10001 instances, the limit is 10000',
  ]],
  ["refuses a count of any size before building", "count = 9223372036854775807", [
    'E-EXPANSION-LIMIT 1:34 Make "count" smaller: found 9223372036854775807 instances, the limit is 10000',
  ]],
  ["refuses more than 10,000 by list", `for_each = [${"1,".repeat(10_001)}]`, [
    'E-EXPANSION-LIMIT 1:37 Make "for_each" smaller: found 10001 instances, the limit is 10000',
  ]],
];

for (const [title, body, want] of CASES) {
  Deno.test(`an expanded resource ${title}`, () => {
    deepStrictEqual(outcome([`resource q "w" : m.t.Q { ${body} }`]), want);
  });
}

Deno.test("the instances of a record are in the order of their keys, however it is written", () => {
  const want = ["q.w[a] {i=0}", "q.w[b] {i=1}", "q.w[c] {i=2}"];
  for (const entries of ["a = 1 b = 2 c = 3", "c = 3 a = 1 b = 2", "b = 0 c = 3 b = 2 a = 1"]) {
    const { desired } = expandExample([
      `resource q "w" : m.t.Q { for_each = { ${entries} } i = each.index }`,
    ]);
    deepStrictEqual(desired.resources.map(resourceLine), want);
  }
});

Deno.test("C13: exactly at the cap", () => {
  strictEqual(expandExample(['resource q "w" : m.t.Q { count = 10000 }']).desired.resources.length, 10_000);
});
