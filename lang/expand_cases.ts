/** One case of the language's table of cases: a file, and what it comes to. */
export interface ExpandCase {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  /** The lines of `outcome`. */
  readonly want: readonly string[];
}

/** The cases about graphs and desired configuration, layers apart. */
export const EXPAND_CASES: readonly ExpandCase[] = [
  {
    id: "C02",
    title: "for_each edges are kept",
    source: 'resource net "n" : m.t.Net {}\n' +
      'resource q "w" : m.t.Q { for_each = ["a", "b"] needs net.n -> net_id }',
    want: ["net.n {}", "q.w[a] {} <- net.n -> net_id", "q.w[b] {} <- net.n -> net_id"],
  },
  {
    id: "C03",
    title: "for_each integers keep their type",
    source: 'resource q "w" : m.t.Q { for_each = [80, 443] port = each.value tag = "p${each.value}" }',
    want: ['q.w[80] {port=80 tag="p80"}', 'q.w[443] {port=443 tag="p443"}'],
  },
  { id: "C06", title: "empty for_each", source: 'resource q "w" : m.t.Q { for_each = [] }', want: [] },
  {
    id: "C07",
    title: "count",
    source: 'resource q "w" : m.t.Q { count = 2 label = "n${each.index}" }',
    want: ['q.w[0] {label="n0"}', 'q.w[1] {label="n1"}'],
  },
  { id: "C08", title: "count zero", source: 'resource q "w" : m.t.Q { count = 0 }', want: [] },
  {
    id: "C09",
    title: "count and for_each together",
    source: 'resource q "w" : m.t.Q { count = 1 for_each = ["a"] }',
    want: ['E-COUNT-AND-FOREACH 1:36 Cannot set "for_each" beside "count": a resource takes one of them'],
  },
  {
    id: "C10",
    title: "count that is not a whole number",
    source: 'resource q "w" : m.t.Q { count = -1 }',
    want: [
      'E-COUNT-VALUE 1:34 Cannot use this value of "count": expected a whole number from 0, or a parameter',
    ],
  },
  {
    id: "C10b",
    title: "for_each that is not an array",
    source: 'resource q "w" : m.t.Q { for_each = "red" }',
    want: [
      'E-FOREACH-VALUE 1:37 Cannot use this value of "for_each": expected a list, a record or a parameter',
    ],
  },
  {
    id: "C10c",
    title: "count inside a section is an ordinary field",
    source: 'resource q "w" : m.t.Q { scale { count = 3 } }',
    want: ["q.w {scale={count=3}}"],
  },
  {
    id: "C14",
    title: "depending on a template binds the list of all ids",
    source: 'resource q "w" : m.t.Q { count = 2 }\nresource z "y" : m.t.Z { needs q.w -> ids }',
    want: ["q.w[0] {}", "q.w[1] {}", "z.y {} <- [q.w[0], q.w[1]] -> ids"],
  },
  {
    id: "C15",
    title: "each outside any expansion",
    source: 'resource q "w" : m.t.Q { a = each.value }',
    want: ['E-EACH-OUTSIDE 1:30 Unresolved "each.value": the resource has no "for_each" and no "count"'],
  },
  {
    id: "C18",
    title: "a needs that leaves the component",
    source: 'resource dns "root" : m.t.Dns {}\n' +
      'component "site" { resource web "w" : m.t.Web { needs dns.root -> zone } }\nuse "site" as "blog" {}',
    want: ["dns.root {}", "blog__web.w {} <- dns.root -> zone"],
  },
  {
    id: "C20",
    title: "parameter default",
    source: 'component "k" { param size : Integer = 3 resource d "x" : m.t.D { gb = param.size } }\n' +
      'use "k" as "a" {}',
    want: ["a__d.x {gb=3}"],
  },
  {
    id: "C21",
    title: "argument beats default",
    source: 'component "k" { param size : Integer = 3 resource d "x" : m.t.D { gb = param.size } }\n' +
      'use "k" as "a" { size = 9 }',
    want: ["a__d.x {gb=9}"],
  },
  {
    id: "C23",
    title: "unknown argument",
    source: 'component "k" { resource d "x" : m.t.D { } }\nuse "k" as "a" { sise = 9 }',
    want: ['E-UNKNOWN-ARG 2:18 Unknown argument "sise" of component "k"'],
  },
  {
    id: "C24",
    title: "argument type",
    source: 'component "k" { param n : Integer resource d "x" : m.t.D { gb = param.n } }\n' +
      'use "k" as "a" { n = "nine" }',
    want: ['E-ARG-TYPE 2:22 Correct "n": expected Integer, found a string'],
  },
  {
    id: "C26",
    title: "param outside a component",
    source: 'resource d "x" : m.t.D { s = "${param.n}" }',
    want: ['E-UNRESOLVED-PARAM 1:31 Unresolved "param.n": parameters have values only inside components'],
  },
  {
    id: "C28",
    title: "same instance twice",
    source: 'component "k" { resource d "x" : m.t.D {} }\nuse "k" as "a" {}\nuse "k" as "a" {}',
    want: ['E-DUP-INSTANCE 3:12 Duplicate component instance "a": the other one is at 1.smelt:2:12'],
  },
  {
    id: "C29",
    title: "order of declarations is free",
    source: 'use "k" as "a" {}\ncomponent "k" { resource d "x" : m.t.D {} }',
    want: ["a__d.x {}"],
  },
  {
    id: "C32",
    title: "hyphenated instance name",
    source: 'component "k" { resource d "x" : m.t.D {} }\nuse "k" as "my-app" {}',
    want: ["my-app__d.x {}"],
  },
  {
    id: "D01",
    title: "diamond",
    source: 'resource net "n" : m.t.Net {}\nresource sub "a" : m.t.Sub { needs net.n -> net_id }\n' +
      'resource sub "b" : m.t.Sub { needs net.n -> net_id }\n' +
      'resource vm "web" : m.t.Vm { needs sub.a -> left needs sub.b -> right }\nresource log "l" : m.t.Log {}',
    want: [
      "net.n {}",
      "sub.a {} <- net.n -> net_id",
      "sub.b {} <- net.n -> net_id",
      "vm.web {} <- sub.a -> left <- sub.b -> right",
      "log.l {}",
    ],
  },
  {
    id: "D02",
    title: "longest path decides the tier",
    source: 'resource a "x" : m.t.A {}\nresource b "x" : m.t.B { needs a.x -> p }\n' +
      'resource c "x" : m.t.C { needs a.x -> p needs b.x -> q }',
    want: ["a.x {}", "b.x {} <- a.x -> p", "c.x {} <- a.x -> p <- b.x -> q"],
  },
  {
    id: "D04",
    title: "unknown target",
    source: 'resource b "x" : m.t.B { needs a.x -> p }',
    want: ['E-UNKNOWN-DEP 1:32 Unknown dependency "a.x" in "b.x"'],
  },
  {
    id: "D05",
    title: "one-segment target",
    source: 'resource b "x" : m.t.B { needs a -> p }',
    want: ['E-UNKNOWN-DEP 1:32 Unknown dependency "a" in "b.x": expected kind.name'],
  },
  {
    id: "D07",
    title: "two-cycle",
    source: 'resource a "x" : m.t.A { needs b.x -> p }\nresource b "x" : m.t.B { needs a.x -> q }',
    want: ["E-CYCLE 1:12 Break the cycle of needs: a.x -> b.x -> a.x"],
  },
  {
    id: "D08",
    title: "duplicate id",
    source: 'resource a "x" : m.t.A {}\nresource a "x" : m.u.B {}',
    want: ['E-DUP-RESOURCE 2:12 Duplicate resource "a.x": the other one is at 1.smelt:1:1'],
  },
  {
    id: "G05",
    title: "a field that replaces a section of an earlier time",
    source: 'resource a "b" : m.t.A { s = "x" }',
    want: ['a.b {s="x"}'],
  },
  {
    id: "G12",
    title: "secret()",
    source: 'resource a "b" : m.t.A { pw = secret("s3") }',
    want: ['a.b {pw=secret("s3")}'],
  },
  {
    id: "G13",
    title: "1 and 1.0",
    source: 'resource a "b" : m.t.A { k = 1.0 }',
    want: ["a.b {k=1}"],
  },
  {
    id: "H04",
    title: "for_each instance",
    source: 'resource d "x" : m.t.D { for_each = ["p"] }',
    want: ["d.x[p] {}"],
  },
];
