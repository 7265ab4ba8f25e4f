import { deepStrictEqual } from "node:assert/strict";
import { expandExample, outcome } from "./expand_example.ts";

const CASES: readonly (readonly [title: string, source: string, want: readonly string[]])[] = [
  [
    "means one instance by key and all by [*]",
    'resource q "w" : m.t.Q { for_each = ["a", "b c", 7] }\n' +
    'resource z "y" : m.t.Z { needs q.w["b c"] -> one needs q.w[7].arn -> two needs q.w[*].arn -> all needs q.w[a] }',
    [
      "q.w[a] {}",
      'q.w["b c"] {}',
      "q.w[7] {}",
      'z.y {} <- q.w["b c"] -> one <- q.w[7].arn -> two <- [q.w[a], q.w["b c"], q.w[7]].arn -> all <- q.w[a]',
    ],
  ],
  [
    "means a list even of a template with one instance or none",
    'resource q "w" : m.t.Q { count = 1 }\n' +
    'resource q "v" : m.t.Q { count = 0 }\nresource z "y" : m.t.Z { needs q.w -> a needs q.v -> b }',
    [
      "q.w[0] {}",
      "z.y {} <- [q.w[0]] -> a <- [] -> b",
    ],
  ],
  [
    "reads quoted and hyphenated names",
    'resource svc "orders v2" : m.t.S {}\nresource svc "my-q" : m.t.S {}\n' +
    'resource z "y" : m.t.Z { needs svc."orders v2" -> a needs svc.my-q.x.y -> s.b }',
    [
      'svc."orders v2" {}',
      "svc.my-q {}",
      'z.y {} <- svc."orders v2" -> a <- svc.my-q.x.y -> s.b',
    ],
  ],
  [
    "names the near ones",
    'resource net "main" : m.t.N { for_each = ["eu"] }\nresource net "one" : m.t.N {}\n' +
    'resource z "y" : m.t.Z { needs net.mian -> a needs net.main[ue] -> b needs net.one[0] -> c needs net.one[*] -> d }',
    [
      'E-UNKNOWN-DEP 3:32 Unknown dependency "net.mian" in "z.y": did you mean "net.main"?',
      'E-UNKNOWN-DEP 3:52 Unknown dependency "net.main[ue]" in "z.y": did you mean [eu]?',
      'E-UNKNOWN-DEP 3:76 Unknown dependency "net.one[0]" in "z.y": "net.one" has no "for_each" and no "count"',
      'E-UNKNOWN-DEP 3:98 Unknown dependency "net.one[*]" in "z.y": "net.one" has no "for_each" and no "count"',
    ],
  ],
  [
    "prints the whole way of a cycle, through instances and components too",
    'resource a "x" : m.t.A { needs k__c.y }\n' +
    'component "p" { resource c "y" : m.t.C { needs b.z[1] } }\nuse "p" as "k" {}\n' +
    'resource b "z" : m.t.B { count = 2 needs a.x }',
    [
      "E-CYCLE 1:12 Break the cycle of needs: a.x -> k__c.y -> b.z -> a.x",
    ],
  ],
  [
    "refuses a resource that needs itself",
    'resource a "x" : m.t.A { needs a.x }\nresource b "y" : m.t.B { count = 2 needs b.y[0] }',
    [
      "E-CYCLE 1:12 Break the cycle of needs: a.x -> a.x",
      "E-CYCLE 2:12 Break the cycle of needs: b.y -> b.y",
    ],
  ],
  [
    "sees no cycle through a template without instances",
    'resource a "x" : m.t.A { needs b.y }\nresource b "y" : m.t.B { count = 0 needs a.x }',
    [
      "a.x {} <- []",
    ],
  ],
  [
    "says each of two cycles",
    'resource a "x" : m.t.A { needs b.x needs c.x }\nresource b "x" : m.t.B { needs a.x }\n' +
    'resource c "x" : m.t.C { needs d.x }\nresource d "x" : m.t.D { needs c.x }',
    [
      "E-CYCLE 1:12 Break the cycle of needs: a.x -> b.x -> a.x",
      "E-CYCLE 3:12 Break the cycle of needs: c.x -> d.x -> c.x",
    ],
  ],
  [
    "refuses a plain resource with the address of a template",
    'resource q "w" : m.t.Q { count = 0 }\nresource q "w" : m.t.Q {}\nresource q "w" : m.t.Q { count = 2 }',
    [
      'E-DUP-RESOURCE 2:12 Duplicate resource "q.w": the other one is at 1.smelt:1:1',
      'E-DUP-RESOURCE 3:12 Duplicate resource "q.w": the other one is at 1.smelt:2:1',
    ],
  ],
  [
    "keeps a name with a dot apart from a reference",
    'resource a "b.c" : m.t.A {}\nresource z "y" : m.t.Z { needs a."b.c" -> p needs a.b.c -> q }',
    [
      'W-NAME 1:12 The name "b.c" holds ".", which also parts an address',
      'E-UNKNOWN-DEP 2:51 Unknown dependency "a.b" in "z.y"',
    ],
  ],
];

for (const [title, source, want] of CASES) {
  Deno.test(`needs ${title}`, () => deepStrictEqual(outcome([source]), want));
}

Deno.test("needs survive a chain as long as a project", () => {
  const lines = ['resource a "0" : m.t.A {}'];
  for (let index = 1; index <= 20_000; index++) {
    lines.push(`resource a "${index}" : m.t.A { needs a."${index - 1}" }`);
  }
  deepStrictEqual(expandExample([lines.reverse().join("\n")]).diagnostics, []);
});
