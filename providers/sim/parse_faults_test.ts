import { deepStrictEqual, match, notDeepStrictEqual, ok } from "node:assert/strict";
import { parseFaults } from "./parse_faults.ts";

const BAD: readonly (readonly [unknown, RegExp])[] = [
  [{}, /they must be a list of rules/],
  [[3], /rule 1 must be an object/],
  [[{ operation: "create" }], /rule 1\.effect is missing, wanted one of latency/],
  [[{ effect: "hang" }], /rule 1\.operation is missing/],
  [[{ operation: "crate", effect: "hang" }], /rule 1\.operation cannot be "crate", did you mean "create"/],
  [[{ operation: "create", efect: "hang" }], /rule 1 has the unknown key "efect", did you mean "effect"/],
  [[{ operation: "create", type: "sim.Netwrk", effect: "hang" }], /did you mean "sim\.Network"/],
  [[{ operation: "create", nth: 0, effect: "hang" }], /rule 1\.nth must be a whole number from 1/],
  [[{ operation: "create", times: "2", effect: "hang" }], /rule 1\.times must be a whole number from 1/],
  [[{ operation: "create", match: "x", effect: "hang" }], /rule 1\.match must be an object/],
  [[{ operation: "create", label: 1, effect: "hang" }], /rule 1\.label must be text/],
  [[{ operation: "create", effect: "latency" }], /rule 1\.effect\.latency must be a number of milliseconds/],
  [[{ operation: "create", effect: { hang: 1 } }], /rule 1\.effect must be "hang" alone/],
  [[{ operation: "create", effect: { lag: 1 } }], /"lag" is for "read" and "list"/],
  [[{ operation: "read", effect: { late: 1 } }], /"late" is for "create", "update" and "delete"/],
  [[{ operation: "create", effect: { fail: { kind: "Trottled" } } }], /fail\.kind cannot be "Trottled"/],
  [[{ operation: "create", effect: { fail: { kind: "Auth", retry: "no" } } }], /fail\.retry cannot be "no"/],
  [
    [{ operation: "create", effect: { fail: { kind: "Auth", certainty: 1 } } }],
    /fail\.certainty cannot be 1/,
  ],
  [[{ operation: "create", effect: { fail: { kind: "Auth", why: 1 } } }], /fail has the unknown key "why"/],
  [[{ operation: "create", effect: { latency: 1, lag: 2 } }], /rule 1\.effect must have one key only/],
];

for (const [json, message] of BAD) {
  Deno.test(`parseFaults() refuses ${JSON.stringify(json)}`, () => {
    const parsed = parseFaults(JSON.stringify(json));
    ok(!parsed.ok);
    match(parsed.error, message);
  });
}

Deno.test("parseFaults() refuses text that is not JSON", () => {
  const parsed = parseFaults("[");
  ok(!parsed.ok);
  match(parsed.error, /they are not JSON/);
});

Deno.test("parseFaults() counts equal rules apart, and equal rules with other labels", () => {
  const rule = { operation: "create", nth: 1, effect: "hang" };
  const parsed = parseFaults(JSON.stringify([rule, rule, { ...rule, label: "again" }]));
  ok(parsed.ok);
  const keys = parsed.value.map((each) => each.key);
  deepStrictEqual(new Set(keys).size, 3);
  notDeepStrictEqual(keys[0], keys[1]);
});
