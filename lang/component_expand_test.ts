import { deepStrictEqual } from "node:assert/strict";
import { outcome } from "./expand_example.ts";

const CASES: readonly (readonly [title: string, files: readonly string[], want: readonly string[]])[] = [
  ["finds a component in another file, its own kind and name before an outside one", [
    'use "k" as "a" {}\nresource vpc "shared" : m.t.V {}\nresource vpc "own" : m.t.V {}',
    'component "k" { resource vpc "own" : m.t.V {} resource "s" : m.t.Sub { needs vpc.own -> p ' +
    'needs vpc.shared -> q needs sub.s2 -> r } resource "s2" : m.t.Sub {} }',
  ], [
    "a__vpc.own {}",
    "a__sub.s {} <- a__vpc.own -> p <- vpc.shared -> q <- a__sub.s2 -> r",
    "a__sub.s2 {}",
    "vpc.shared {}",
    "vpc.own {}",
  ]],
  ["names a resource of a component from outside by its scoped kind", [
    'component "k" { resource topic "t" : m.t.T { count = 2 } }\nuse "k" as "my-app" {}\n' +
    'resource q "w" : m.t.Q { needs my-app__topic.t -> all needs my-app__topic.t[1].arn -> s.one }',
  ], [
    "my-app__topic.t[0] {}",
    "my-app__topic.t[1] {}",
    "q.w {} <- [my-app__topic.t[0], my-app__topic.t[1]] -> all <- my-app__topic.t[1].arn -> s.one",
  ]],
  ["puts parameters in before it makes instances", [
    'component "k" { param zones : List param n : Integer = 2 ' +
    'resource z "a" : m.t.Z { for_each = param.zones v = each.value } ' +
    'resource z "b" : m.t.Z { count = param.n i = "${each.index}/${param.n}" } }\n' +
    'use "k" as "u" { zones = ["eu", 7, env("REGION"), secret("s")] }',
  ], [
    'u__z.a[eu] {v="eu"}',
    "u__z.a[7] {v=7}",
    'u__z.a[2] {v="eu"}',
    'u__z.a[3] {v=secret("s")}',
    'u__z.b[0] {i="0/2"}',
    'u__z.b[1] {i="1/2"}',
  ]],
  ["keys instances by what parameters stand for, never by a secret or a variable", [
    'component "k" { param a : String param b : String param c : String ' +
    'resource z "z" : m.t.Z { for_each = [param.a, param.b, param.c, "${param.a}-x", "${param.c}-x"] } }\n' +
    'use "k" as "u" { a = "one" b = env("REGION") c = secret("s") }',
  ], ["u__z.z[one] {}", "u__z.z[1] {}", "u__z.z[2] {}", "u__z.z[one-x] {}", "u__z.z[4] {}"]],
  ["refuses a list parameter that is no list", [
    'component "k" { param l : String param n : String ' +
    'resource z "a" : m.t.Z { for_each = param.l } resource z "b" : m.t.Z { count = param.n } }\n' +
    'use "k" as "u" { l = "x" n = "3" }',
  ], [
    'E-FOREACH-VALUE 1:87 Correct "for_each": expected a list or a record, found a string',
    'E-COUNT-VALUE 1:130 Correct "count": expected a whole number from 0, found a string',
  ]],
  ["refuses missing, unknown and ill-typed arguments together", [
    'component "k" { param size : Integer param on : Bool = true param name : String resource d "x" : m.t.D {} }\n' +
    'use "k" as "u" { sise = 1 on = 1.5 }',
  ], [
    'E-UNKNOWN-ARG 2:18 Unknown argument "sise" of component "k": did you mean "size"?',
    'E-ARG-TYPE 2:32 Correct "on": expected Bool, found a decimal',
    'E-MISSING-ARG 2:12 Give "u" the argument "size": component "k" has no default for it',
    'E-MISSING-ARG 2:12 Give "u" the argument "name": component "k" has no default for it',
  ]],
  ["tells nothing that follows from an ill-typed argument", [
    'component "k" { param n : Integer resource z "a" : m.t.Z { count = param.n a = each.value.b } }\n' +
    'use "k" as "u" { n = "two" }',
  ], ['E-ARG-TYPE 2:22 Correct "n": expected Integer, found a string']],
  ["takes text from a variable or a secret for a String only", [
    'component "k" { param s : String param n : Integer resource d "x" : m.t.D { a = param.s b = param.n } }\n' +
    'use "k" as "u" { s = env("REGION") n = 1 }\nuse "k" as "v" { s = "x" n = env("REGION") }',
  ], ['E-ARG-TYPE 3:30 Correct "n": expected Integer, found env(…), which is text']],
  ["warns of a list given to a parameter of a scalar type", [
    'component "k" { param l : String resource d "x" : m.t.D { a = param.l } }\nuse "k" as "u" { l = [1] }',
  ], ['warning E-ARG-TYPE 2:22 Correct "l": expected String, found a list', "u__d.x {a=[1]}"]],
  ["takes anything for Any and checks a default", [
    'component "k" { param a : Any param n : Integer = "x" param p : String = param.a ' +
    'resource d "x" : m.t.D { a = param.a } }\nuse "k" as "u" { a = { x = 1.5 } }',
  ], [
    'E-ARG-TYPE 1:51 Correct "n": expected Integer, found a string',
    'E-UNRESOLVED-PARAM 1:74 Unresolved "param.a": parameters have values only inside components',
  ]],
  ["refuses each and param in arguments", [
    'component "k" { param a : Any }\nuse "k" as "u" { a = each.value }\nuse "k" as "v" { a = [param.a] }',
  ], [
    'E-EACH-OUTSIDE 2:22 Unresolved "each.value": the resource has no "for_each" and no "count"',
    'E-UNRESOLVED-PARAM 3:23 Unresolved "param.a": parameters have values only inside components',
  ]],
  ["names an undeclared parameter once, in the component", [
    'component "k" { param size : Integer = 1 resource d "x" : m.t.D { a = param.sise } }\n' +
    'use "k" as "u" {}\nuse "k" as "v" {}',
  ], [
    'E-UNRESOLVED-PARAM 1:71 Unresolved "param.sise": the component declares no such parameter, did you mean "size"?',
  ]],
  ["checks a component that nothing uses, with its parameters and variables unknown", [
    'component "k" { param l : List param n : Integer resource d "x" : m.t.D { a = each.key b = param.m ' +
    'c = env("NONE") needs d.y -> e needs d.no -> f needs d.y["k"] -> g } ' +
    'resource d "y" : m.t.D { for_each = param.l v = each.value.name } resource d "z" : m.t.D { count = param.n } }',
  ], [
    'E-EACH-OUTSIDE 1:79 Unresolved "each.key": the resource has no "for_each" and no "count"',
    'E-UNRESOLVED-PARAM 1:92 Unresolved "param.m": the component declares no such parameter, did you mean "l"?',
    'E-UNKNOWN-DEP 1:137 Unknown dependency "d.no" in "k__d.x"',
  ]],
  ["wants nothing of a component that nothing uses", ['component "k" { resource d "x" : m.t.D {} }'], []],
  ["refuses unknown and repeated components and instances", [
    'component "web" {}\nuse "wep" as "a" {}\nuse "web" as "a" {}',
    'component "web" {}\nuse "web" as "a" {}',
  ], [
    'E-DUP-COMPONENT 2.smelt:1:11 Duplicate component "web": the other one is at 1.smelt:1:11',
    'E-UNKNOWN-COMPONENT 1.smelt:2:5 Unknown component "wep": did you mean "web"?',
    'E-DUP-INSTANCE 2.smelt:2:14 Duplicate component instance "a": the other one is at 1.smelt:3:14',
  ]],
  ["refuses two resources whose addresses read the same", [
    'component "k" { resource b__v "x" : m.t.D {} }\ncomponent "l" { resource v "x" : m.t.D {} }\n' +
    'use "k" as "a" {}\nuse "l" as "a__b" {}',
  ], [
    'W-NAME 4:12 The name "a__b" holds "__", which also parts an address',
    'E-DUP-RESOURCE 2:28 Duplicate resource "a__b__v.x": the other one is at 1.smelt:1:17',
  ]],
];

for (const [title, files, want] of CASES) {
  Deno.test(`a use ${title}`, () => deepStrictEqual(outcome(files), want));
}
