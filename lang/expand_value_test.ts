import { deepStrictEqual, doesNotMatch, strictEqual } from "node:assert/strict";
import { expandExample, outcome } from "./expand_example.ts";
import { unreadEnv } from "./expand_scope.ts";

const BODIES: readonly (readonly [title: string, body: string, want: readonly string[]])[] = [
  ["keeps integers that a double cannot hold", "a = 9223372036854775807 b = -1 c = 9007199254740991", [
    "d.x {a=9223372036854775807 b=-1 c=9007199254740991}",
  ]],
  ["makes -0.0 the 0 that it is", "a = -0.0 b = 2.0 c = 1.5", ["d.x {a=0 b=2 c=1.5}"]],
  [
    "takes names that every object has",
    '__proto__ = 1 s { constructor = 2 r = { toString = 3 "a b" = 4 } }',
    [
      "d.x {s={constructor=2 r={toString=3 a b=4}} __proto__=1}",
    ],
  ],
  ["reads variables and their defaults", 'a = env("REGION") b = env("NONE", "z") c = env("EMPTY", "z")', [
    'd.x {a="eu" b="z" c=""}',
  ]],
  ["refuses a variable that is not set", 'a = env("NONE") b = "${env(\\"NONE\\")}"', [
    'E-ENV-UNSET 1:30 Set the environment variable "NONE": it is not set',
    'E-ENV-UNSET 1:47 Set the environment variable "NONE": it is not set',
  ]],
  ["puts variables into text", String.raw`a = "in-${"${"}env(\"REGION\")}-${"${"} env( 'NONE' , 'z' ) }"`, [
    'd.x {a="in-eu-z"}',
  ]],
  ["keeps unknown ${…} byte for byte", 'a = "${ aws:username } ${x" b = "\\${each.value}"', [
    'd.x {a="${ aws:username } ${x" b="${each.value}"}',
  ]],
  ["lets a field replace a section of its name", "s { a = 1 } s = 2", [
    'W-DUP-FIELD 1:26 Remove the section "s": the field of that name replaces it',
    "d.x {s=2}",
  ]],
  ["lets the last of equal fields win", "a = 1 a = 2", [
    'W-DUP-FIELD 1:32 The field "a" is set twice here; the last one counts',
    "d.x {a=2}",
  ]],
  ["refuses a var that nothing sets", "a = var.size", [
    'E-UNKNOWN-VAR 1:30 Unknown "var.size" in the environment "default"',
  ]],
  ["refuses a var that nothing sets, in a text", 'a = "x${var.size}"', [
    'E-UNKNOWN-VAR 1:32 Unknown "var.size" in the environment "default"',
  ]],
];

for (const [title, body, want] of BODIES) {
  Deno.test(`expand() ${title}`, () =>
    deepStrictEqual(outcome([`resource d "x" : m.t.D { ${body} }`]), want));
}

Deno.test("expand() taints what a secret flows into", () => {
  const component = 'component "k" { param p : String = secret("hush") param q : Any ' +
    'resource d "x" : m.t.D { @intent "for ${param.p}" a = "n ${param.p} m" b = [param.p] c = "${param.q}" } }\n' +
    'use "k" as "u" { q = { z = secret("quiet") n = [1] } }';
  deepStrictEqual(outcome([component]), [
    'u__d.x {a=secret("n hush m") b=[secret("hush")] c=secret("{\\"n\\":[1],\\"z\\":\\"quiet\\"}")}',
  ]);
  const [resource] = expandExample([component]).desired.resources;
  strictEqual(resource?.annotations.intent, "for (sensitive)");
  doesNotMatch(JSON.stringify(resource) + Deno.inspect(resource, { depth: 9 }), /hush|quiet/);
});

Deno.test("expand() puts values other than text into a text as compact JSON", () => {
  const source =
    'resource d "x" : m.t.D { for_each = [{ b = [1, "q"] a = true }] s = "${each.value} ${each.value.b}" }';
  deepStrictEqual(outcome([source]), [
    String.raw`d.x[0] {s="{\"a\":true,\"b\":[1,\"q\"]} [1,\"q\"]"}`,
  ]);
});

Deno.test("expand() needs no environment when variables stay unread", () => {
  const source = 'resource d "x" : m.t.D { for_each = [env("A"), "b"] a = env("B") b = "x${each.value}" }';
  deepStrictEqual(outcome([source], unreadEnv), [
    'd.x[0] {a=unknown(env("B")) b=unknown(env("A"))}',
    'd.x[b] {a=unknown(env("B")) b="xb"}',
  ]);
});

Deno.test("expand() remembers where each field was written", () => {
  const [resource] =
    expandExample(['resource d "x" : m.t.D {\n  s {\n    a = 1\n  }\n  b = 2\n}']).desired.resources;
  deepStrictEqual([...resource?.fieldOrigins ?? []].map(([path, { line, column }]) => [path, line, column]), [
    ["s", 2, 3],
    ["s.a", 3, 5],
    ["b", 5, 3],
  ]);
  deepStrictEqual(resource?.sections, ["s"]);
});
