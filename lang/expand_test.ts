import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { exampleContext, expandExample, outcome, resourceLine } from "./expand_example.ts";
import { expand } from "./expand.ts";
import { ResourceBudget } from "./expand_scope.ts";

Deno.test("expand() collects the errors of all files", () => {
  deepStrictEqual(
    outcome(['resource a "x" : m.t.A { v = param.p }', 'resource a "x" : m.t.A { needs b.c }']),
    [
      'E-UNRESOLVED-PARAM 1.smelt:1:30 Unresolved "param.p": parameters have values only inside components',
      'E-DUP-RESOURCE 2.smelt:1:12 Duplicate resource "a.x": the other one is at 1.smelt:1:1',
      'E-UNKNOWN-DEP 2.smelt:1:32 Unknown dependency "b.c" in "a.x"',
    ],
  );
});

Deno.test("expand() of no files wants nothing", () => {
  const nothing = { resources: [], moved: [], removed: [], imports: [], outputs: [] };
  deepStrictEqual(expand([], exampleContext()), {
    desired: nothing,
    diagnostics: [],
  });
});

Deno.test("a budget counts what it gave", () => {
  const budget = new ResourceBudget(3);
  deepStrictEqual([budget.take(2), budget.take(2), budget.take(1), budget.take(1), budget.take(0)], [
    true,
    false,
    true,
    false,
    true,
  ]);
});

/** A project: resources that may need earlier ones, some of them templates, some inside components. */
const project = fc.array(
  fc.record({
    size: fc.option(fc.nat(4), { nil: undefined }),
    needs: fc.array(fc.nat(20), { maxLength: 3 }),
    isInner: fc.boolean(),
    value: fc.oneof(fc.integer(), fc.boolean(), fc.constant('"t"'), fc.constant("[1, { a = 2 }]")),
  }),
  { minLength: 1, maxLength: 20 },
);
type Project = typeof project extends fc.Arbitrary<infer Value> ? Value : never;

function declarations(made: Project): readonly string[] {
  return made.map(({ size, needs, isInner, value }, index) => {
    const targets = needs.filter((target) => target < index && made[target]?.isInner === false);
    const body = [
      size === undefined ? "" : `count = ${size}`,
      ...targets.map((target) => `needs r.n${target} -> b${target}`),
      `v = ${value}`,
    ].join(" ");
    const resource = `resource r "n${index}" : m.t.R { ${body} }`;
    return isInner ? `component "c${index}" { ${resource} }\nuse "c${index}" as "i${index}" {}` : resource;
  });
}

Deno.test("expand() gives the same for the same files", () => {
  fc.assert(fc.property(project, (made) => {
    const files = declarations(made);
    deepStrictEqual(expandExample(files), expandExample(files));
  }));
});

Deno.test("expand() makes each address once, in the order of the files, with needs that exist", () => {
  fc.assert(fc.property(project, (made) => {
    const { desired, diagnostics } = expandExample([declarations(made).join("\n")]);
    deepStrictEqual(diagnostics, []);
    const addresses = desired.resources.map((resource) => resource.address);
    deepStrictEqual(addresses, made.flatMap(addressesWanted));
    const known = new Set(addresses);
    const targets = desired.resources.flatMap((resource) => resource.needs.flatMap((need) => need.targets));
    ok(targets.every((target) => known.has(target)));
  }));
});

Deno.test("expand() wants the same however declarations are spread over files", () => {
  fc.assert(fc.property(project, fc.nat(), (made, seed) => {
    const all = declarations(made);
    const cut = seed % (all.length + 1);
    const lines = (files: readonly string[]): readonly string[] =>
      expandExample(files).desired.resources.map(resourceLine);
    const whole = lines([all.join("\n")]);
    deepStrictEqual(lines([all.slice(0, cut).join("\n"), all.slice(cut).join("\n")]), whole);
    deepStrictEqual([...lines([all.toReversed().join("\n")])].sort(), [...whole].sort());
  }));
});

function addressesWanted({ size, isInner }: Project[number], index: number): readonly string[] {
  const base = isInner ? `i${index}__r.n${index}` : `r.n${index}`;
  return size === undefined ? [base] : Array.from({ length: size }, (_, key) => `${base}[${key}]`);
}

Deno.test("expand() warns of annotations that have no effect where they stand", () => {
  const text = 'component "k" { @intent "i" @lifecycle "prevent_destroy" resource a "x" : m.t.A { } }\n' +
    'layer "l" over "base" { @owner "o" @timeout "create 1m" }\nuse "k" as "u" {}';
  deepStrictEqual(outcome([text]), [
    'W-ANNOTATION 1:29 "@lifecycle" has no effect on a component',
    'W-ANNOTATION 2:36 "@timeout" has no effect on a layer',
    "u__a.x {}",
  ]);
});
