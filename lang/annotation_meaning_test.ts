import { deepStrictEqual, ok } from "node:assert/strict";
import { expandExample, outcome, resourceLine } from "./expand_example.ts";

Deno.test("annotations say what they mean", () => {
  const [net] = expandExample([
    'resource net "n" : m.t.Net { @intent "spine" @intent "second" @owner "core" @constraint "no public ip" ' +
    '@constraint "small" @lifecycle "prevent_destroy" @lifecycle "ephemeral" @ignore_changes "ip.mtu" ' +
    '@timeout "create 1h30m" @timeout "delete 500ms" }',
  ]).desired.resources;
  deepStrictEqual(net?.annotations, {
    intent: "spine",
    owner: "core",
    constraints: ["no public ip", "small"],
    lifecycle: ["prevent_destroy", "ephemeral"],
    isProtected: true,
    isRetained: false,
    ignoreChanges: ["ip.mtu"],
    replaceTriggeredBy: [],
    timeoutsMs: { create: 5_400_000, delete: 500 },
  });
});

Deno.test("annotations take each and param, and leave other text alone", () => {
  const { desired, diagnostics } = expandExample([
    'component "k" { param p : String resource d "x" : m.t.D { for_each = ["a"] ' +
    '@intent "${each.key} of ${param.p}, ${env(\\"REGION\\")} ${x}" @lifecycle "${param.p}" } ' +
    'resource d "y" : m.t.D { @intent "${each.key}" } }\nuse "k" as "u" { p = "retain" }\n' +
    'resource d "z" : m.t.D { @intent "${param.p} ${ each.value }" }',
  ]);
  deepStrictEqual(diagnostics, []);
  deepStrictEqual(desired.resources.map((each) => each.annotations.intent), [
    'a of retain, ${env("REGION")} ${x}',
    "${each.key}",
    "${param.p} ${ each.value }",
  ]);
  ok(desired.resources[0]?.annotations.isRetained);
});

Deno.test("an expression that stays text in an annotation is what its escapes stand for", () => {
  const { desired } = expandExample([
    'resource d "z" : m.t.D { @owner "${\\u{20}each.value}" @intent "${each.value\\t}" }',
  ]);
  deepStrictEqual(desired.resources[0]?.annotations.owner, "${ each.value}");
  deepStrictEqual(desired.resources[0]?.annotations.intent, "${each.value\t}");
});

Deno.test("annotations are read in time by their number", () => {
  const count = 100_000;
  const lines = ['@constraint "c"', '@lifecycle "retain"', '@ignore_changes "f"', '@timeout "create 1m"'];
  const startMs = performance.now();
  const { desired } = expandExample([
    `resource d "z" : m.t.D { ${lines.map((line) => `${line}\n`.repeat(count / 4)).join("")} }`,
  ]);
  deepStrictEqual(desired.resources[0]?.annotations.constraints.length, count / 4);
  ok(performance.now() - startMs < 5_000);
});

const WRONG: readonly (readonly [title: string, annotation: string, want: string])[] = [
  [
    "an unknown lifecycle",
    '@lifecycle "prevent-destroy"',
    'W-LIFECYCLE 1:37 Unknown lifecycle "prevent-destroy": did you mean "prevent_destroy"?',
  ],
  [
    "a field that is none",
    '@ignore_changes "a.b.c"',
    'E-ANNOTATION 1:42 Correct "@ignore_changes": expected "field" or "section.field", found "a.b.c"',
  ],
  [
    "a time without a unit",
    '@timeout "create 10"',
    'E-ANNOTATION 1:35 Correct "@timeout": expected "create", "update" or "delete" and a time, found "create 10"',
  ],
  [
    "a misspelt operation",
    '@timeout "craete 10m"',
    'E-ANNOTATION 1:35 Correct "@timeout": expected "create", "update" or "delete" and a time, found "craete 10m": did you mean "create"?',
  ],
  [
    "no time at all",
    '@timeout "update 0s"',
    'E-ANNOTATION 1:35 Correct "@timeout": expected "create", "update" or "delete" and a time, found "update 0s"',
  ],
  [
    "a trigger that names no output",
    '@replace_triggered_by "a.b"',
    'E-ANNOTATION 1:48 Correct "@replace_triggered_by": expected "kind.name.output", found "a.b"',
  ],
  [
    "a trigger that names nothing",
    '@replace_triggered_by "a.b.c"',
    'E-UNKNOWN-DEP 1:48 Unknown dependency "a.b" in "d.x"',
  ],
];

for (const [title, annotation, want] of WRONG) {
  Deno.test(`annotations report ${title}`, () => {
    deepStrictEqual(outcome([`resource d "x" : m.t.D { ${annotation} }`])[0], want);
  });
}

Deno.test("a trigger is resolved like a need, and orders", () => {
  const { desired, diagnostics } = expandExample([
    'component "k" { resource a "t" : m.t.A { count = 2 } resource a "one" : m.t.A {}\n' +
    'resource b "x" : m.t.B { needs a.one -> p @replace_triggered_by "a.t.rev" @replace_triggered_by "a.one.s.f" ' +
    '@replace_triggered_by "a.t[1].rev" } }\nuse "k" as "u" {}',
  ]);
  deepStrictEqual(diagnostics, []);
  const last = desired.resources.at(-1);
  deepStrictEqual(last?.triggers.map(({ address, output }) => `${address}.${output}`), [
    "u__a.t[0].rev",
    "u__a.t[1].rev",
    "u__a.one.s.f",
    "u__a.t[1].rev",
  ]);
  deepStrictEqual(last && resourceLine(last), "u__b.x {} <- u__a.one -> p <- [u__a.t[0], u__a.t[1]]");
});
