import type { LanguageCase } from "./language_case.ts";

/** Chapter C: `for_each`, `count`, components and parameters. */
export const EXPANSION_CASES: readonly LanguageCase[] = [
  {
    id: "C02",
    title: "for_each edges are kept",
    mode: "graph",
    source: 'resource net "n" : m.t.Net {}\n' +
      'resource q "w" : m.t.Q { for_each = ["a", "b"] needs net.n -> net_id }',
    want: [
      "net.n {}",
      "  tier 0, destroy tier 1, blast radius 2 (Low): q.w[a], q.w[b]",
      "q.w[a] {} <- net.n -> net_id",
      "  tier 1, destroy tier 0, blast radius 0 (None): none",
      "q.w[b] {} <- net.n -> net_id",
      "  tier 1, destroy tier 0, blast radius 0 (None): none",
    ],
  },
  {
    id: "C03",
    title: "for_each integers keep their type",
    mode: "plan",
    source: 'resource q "w" : m.t.Q { for_each = [80, 443] port = each.value tag = "p${each.value}" }',
    want: ['q.w[80] {port=80 tag="p80"}', 'q.w[443] {port=443 tag="p443"}'],
  },
  {
    id: "C06",
    title: "empty for_each",
    mode: "graph",
    source: 'resource q "w" : m.t.Q { for_each = [] }',
    want: [],
  },
  {
    id: "C07",
    title: "count",
    mode: "plan",
    source: 'resource q "w" : m.t.Q { count = 2 label = "n${each.index}" }',
    want: ['q.w[0] {label="n0"}', 'q.w[1] {label="n1"}'],
  },
  { id: "C08", title: "count zero", mode: "graph", source: 'resource q "w" : m.t.Q { count = 0 }', want: [] },
  {
    id: "C09",
    title: "count and for_each together",
    mode: "graph",
    source: 'resource q "w" : m.t.Q { count = 1 for_each = ["a"] }',
    want: ['E-COUNT-AND-FOREACH 1:36 Cannot set "for_each" beside "count": a resource takes one of them'],
  },
  {
    id: "C10",
    title: "count that is not a whole number",
    mode: "plan",
    source: 'resource q "w" : m.t.Q { count = -1 }',
    want: [
      'E-COUNT-VALUE 1:34 Cannot use this value of "count": expected a whole number from 0, or a parameter',
    ],
  },
  {
    id: "C10b",
    title: "for_each that is not an array",
    mode: "plan",
    source: 'resource q "w" : m.t.Q { for_each = "red" }',
    want: [
      'E-FOREACH-VALUE 1:37 Cannot use this value of "for_each": expected a list, a record or a parameter',
    ],
  },
  {
    id: "C10c",
    title: "count inside a section is an ordinary field",
    mode: "plan",
    source: 'resource q "w" : m.t.Q { scale { count = 3 } }',
    want: ["q.w {scale={count=3}}"],
  },
  {
    id: "C13",
    title: "exactly at the cap",
    mode: "graphcount",
    source: 'resource q "w" : m.t.Q { count = 10000 }',
    want: ["10000 resources"],
    alike: [{
      mode: "graphcount",
      source: 'resource q "w" : m.t.Q { count = 10001 }',
      want: ['E-EXPANSION-LIMIT 1:34 Make "count" smaller: found 10001 instances, the limit is 10000'],
    }],
  },
  {
    id: "C14",
    title: "depending on a template binds the list of all ids",
    mode: "graph",
    source: 'resource q "w" : m.t.Q { count = 2 }\nresource z "y" : m.t.Z { needs q.w -> ids }',
    want: [
      "q.w[0] {}",
      "  tier 0, destroy tier 1, blast radius 1 (Low): z.y",
      "q.w[1] {}",
      "  tier 0, destroy tier 1, blast radius 1 (Low): z.y",
      "z.y {} <- [q.w[0], q.w[1]] -> ids",
      "  tier 1, destroy tier 0, blast radius 0 (None): none",
    ],
  },
  {
    id: "C15",
    title: "each outside any expansion",
    mode: "plan",
    source: 'resource q "w" : m.t.Q { a = each.value }',
    want: ['E-EACH-OUTSIDE 1:30 Unresolved "each.value": the resource has no "for_each" and no "count"'],
  },
  {
    id: "C18",
    title: "a needs that leaves the component",
    mode: "graph",
    source: 'resource dns "root" : m.t.Dns {}\n' +
      'component "site" { resource web "w" : m.t.Web { needs dns.root -> zone } }\n' +
      'use "site" as "blog" {}',
    want: [
      "dns.root {}",
      "  tier 0, destroy tier 1, blast radius 1 (Low): blog__web.w",
      "blog__web.w {} <- dns.root -> zone",
      "  tier 1, destroy tier 0, blast radius 0 (None): none",
    ],
  },
  {
    id: "C20",
    title: "parameter default",
    mode: "plan",
    source: 'component "k" { param size : Integer = 3 resource d "x" : m.t.D { gb = param.size } }\n' +
      'use "k" as "a" {}',
    want: ["a__d.x {gb=3}"],
  },
  {
    id: "C21",
    title: "argument beats default",
    mode: "plan",
    source: 'component "k" { param size : Integer = 3 resource d "x" : m.t.D { gb = param.size } }\n' +
      'use "k" as "a" { size = 9 }',
    want: ["a__d.x {gb=9}"],
  },
  {
    id: "C23",
    title: "unknown argument",
    mode: "graph",
    source: 'component "k" { resource d "x" : m.t.D { } }\nuse "k" as "a" { sise = 9 }',
    want: ['E-UNKNOWN-ARG 2:18 Unknown argument "sise" of component "k"'],
  },
  {
    id: "C24",
    title: "argument type",
    mode: "plan",
    source: 'component "k" { param n : Integer resource d "x" : m.t.D { gb = param.n } }\n' +
      'use "k" as "a" { n = "nine" }',
    want: ['E-ARG-TYPE 2:22 Correct "n": expected Integer, found a string'],
  },
  {
    id: "C26",
    title: "param outside a component",
    mode: "graph",
    source: 'resource d "x" : m.t.D { s = "${param.n}" }',
    want: ['E-UNRESOLVED-PARAM 1:31 Unresolved "param.n": parameters have values only inside components'],
  },
  // Refused for the name of the instance, before any resource of it is doubled.
  {
    id: "C28",
    title: "same instance twice",
    mode: "graph",
    source: 'component "k" { resource d "x" : m.t.D {} }\nuse "k" as "a" {}\nuse "k" as "a" {}',
    want: ['E-DUP-INSTANCE 3:12 Duplicate component instance "a": the other one is at 1.smelt:2:12'],
  },
  {
    id: "C29",
    title: "order of declarations is free",
    mode: "graph",
    source: 'use "k" as "a" {}\ncomponent "k" { resource d "x" : m.t.D {} }',
    want: ["a__d.x {}", "  tier 0, destroy tier 0, blast radius 0 (None): none"],
  },
  {
    id: "C32",
    title: "hyphenated instance name",
    mode: "graph",
    source: 'component "k" { resource d "x" : m.t.D {} }\nuse "k" as "my-app" {}',
    want: ["my-app__d.x {}", "  tier 0, destroy tier 0, blast radius 0 (None): none"],
  },
];
