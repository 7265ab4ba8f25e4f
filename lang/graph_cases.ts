import type { LanguageCase } from "./language_case.ts";

/** Chapter D: needs, tiers and circles. */
export const GRAPH_CASES: readonly LanguageCase[] = [
  {
    id: "D01",
    title: "diamond",
    mode: "graph",
    source: 'resource net "n" : m.t.Net {}\n' +
      'resource sub "a" : m.t.Sub { needs net.n -> net_id }\n' +
      'resource sub "b" : m.t.Sub { needs net.n -> net_id }\n' +
      'resource vm "web" : m.t.Vm { needs sub.a -> left needs sub.b -> right }\n' +
      'resource log "l" : m.t.Log {}',
    want: [
      "log.l {}",
      "  tier 0, destroy tier 2, blast radius 0 (None): none",
      "net.n {}",
      "  tier 0, destroy tier 2, blast radius 3 (Medium): sub.a, sub.b, vm.web",
      "sub.a {} <- net.n -> net_id",
      "  tier 1, destroy tier 1, blast radius 1 (Low): vm.web",
      "sub.b {} <- net.n -> net_id",
      "  tier 1, destroy tier 1, blast radius 1 (Low): vm.web",
      "vm.web {} <- sub.a -> left <- sub.b -> right",
      "  tier 2, destroy tier 0, blast radius 0 (None): none",
    ],
  },
  {
    id: "D02",
    title: "longest path decides the tier",
    mode: "graph",
    source: 'resource a "x" : m.t.A {}\n' +
      'resource b "x" : m.t.B { needs a.x -> p }\n' +
      'resource c "x" : m.t.C { needs a.x -> p needs b.x -> q }',
    want: [
      "a.x {}",
      "  tier 0, destroy tier 2, blast radius 2 (Low): b.x, c.x",
      "b.x {} <- a.x -> p",
      "  tier 1, destroy tier 1, blast radius 1 (Low): c.x",
      "c.x {} <- a.x -> p <- b.x -> q",
      "  tier 2, destroy tier 0, blast radius 0 (None): none",
    ],
  },
  {
    id: "D04",
    title: "unknown target",
    mode: "graph",
    source: 'resource b "x" : m.t.B { needs a.x -> p }',
    want: ['E-UNKNOWN-DEP 1:32 Unknown dependency "a.x" in "b.x"'],
  },
  {
    id: "D05",
    title: "one-segment target",
    mode: "graph",
    source: 'resource b "x" : m.t.B { needs a -> p }',
    want: ['E-UNKNOWN-DEP 1:32 Unknown dependency "a" in "b.x": expected kind.name'],
  },
  {
    id: "D07",
    title: "a circle of two is told whole",
    mode: "graph",
    source: 'resource a "x" : m.t.A { needs b.x -> p }\n' +
      'resource b "x" : m.t.B { needs a.x -> q }',
    want: ["E-CYCLE 1:12 Break the cycle of needs: a.x -> b.x -> a.x"],
  },
  {
    id: "D08",
    title: "duplicate id",
    mode: "graph",
    source: 'resource a "x" : m.t.A {}\nresource a "x" : m.u.B {}',
    want: ['E-DUP-RESOURCE 2:12 Duplicate resource "a.x": the other one is at 1.smelt:1:1'],
  },
];
