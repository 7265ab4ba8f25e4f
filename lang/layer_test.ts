import { deepStrictEqual } from "node:assert/strict";
import { exampleEnv, type ExampleSetting, expandExample, outcome } from "./expand_example.ts";

/** A project, the layers of its environment, and the lines that it comes to. */
interface LayerCase {
  readonly title: string;
  readonly files: readonly string[];
  readonly setting: ExampleSetting;
  readonly want: readonly string[];
}

const WEB = 'resource web "w" : m.t.Web { size { cpu = 1 tags = { a = 1 b = 2 } } note = "n" }\n';

const CASES: readonly LayerCase[] = [
  {
    title: "sets fields one by one, keeps the rest, and replaces records whole",
    files: [`${WEB}layer "p" over "base" { override web.w { size { cpu = 2 tags = { c = 3 } } } }`],
    setting: { layers: ["p"] },
    want: ['web.w {size={cpu=2 tags={c=3}} note="n"}'],
  },
  {
    title: "leaves alone what is not in the chain",
    files: [`${WEB}layer "p" over "base" { override web.w { note = "p" } }`],
    setting: {},
    want: ['web.w {size={cpu=1 tags={a=1 b=2}} note="n"}'],
  },
  {
    title: "takes a name that nothing declares for the files when a layer stands over it",
    files: [`${WEB}layer "p" over "files" { override web.w { note = "p" } }`],
    setting: { layers: ["base", "files", "p"] },
    want: ['web.w {size={cpu=1 tags={a=1 b=2}} note="p"}'],
  },
  {
    title: "refuses a name that nothing declares, with a near one",
    files: [`${WEB}layer "staging" over "base" { override web.w { note = "p" } }`],
    setting: { layers: ["base", "stagign"] },
    want: [
      'E-UNKNOWN-LAYER smelt.toml:1:18 Unknown layer "stagign" in the environment "default": did you mean "staging"?',
    ],
  },
  {
    title: "refuses two layers of one name, also outside the chain",
    files: ['layer "p" over "base" { }', 'layer "p" over "base" { }'],
    setting: {},
    want: ['E-DUP-LAYER 2.smelt:1:7 Duplicate layer "p": the other one is at 1.smelt:1:7'],
  },
  {
    title: "warns when a layer does not come behind what it stands over",
    files: [`${WEB}layer "a" over "b" { override web.w { note = "a" } }`, 'layer "b" over "base" { }'],
    setting: { layers: ["a", "b"] },
    want: [
      'W-LAYER-BASE 1.smelt:2:16 The layer "a" stands over "b", which is not before it in the layers of "default"',
      'web.w {size={cpu=1 tags={a=1 b=2}} note="a"}',
    ],
  },
  {
    title: "warns of an override that means nothing",
    files: [
      `${WEB}layer "p" over "base" { override wbe.* { n = 1 } override web { n = 2 } override a.b.c { n = 3 } }`,
    ],
    setting: { layers: ["p"] },
    want: [
      'W-OVERRIDE-NO-MATCH 2:59 The override of web in the layer "p" means no resource',
      'W-OVERRIDE-NO-MATCH 2:82 The override of a.b.c in the layer "p" means no resource',
      'W-OVERRIDE-NO-MATCH 2:34 The override of wbe.* in the layer "p" matches no resource: did you mean "web.*"?',
      'web.w {size={cpu=1 tags={a=1 b=2}} note="n"}',
    ],
  },
  {
    title: "matches stars inside a part, hyphens, dots in names, and quoted parts as they are",
    files: [
      'resource my_web "a-1" : m.t.W { }\nresource my_web "b.2" : m.t.W { }\nresource db "a*" : m.t.D { }\nresource db "ab" : m.t.D { }\n' +
      'layer "p" over "base" { override my_*.*-1 { x = 1 } override my_web.* { y = 1 } override db."a*" { z = 1 } override *.*b { q = 1 } }',
    ],
    setting: { layers: ["p"] },
    want: [
      'W-NAME 2:17 The name "b.2" holds ".", which also parts an address',
      "my_web.a-1 {x=1 y=1}",
      'my_web."b.2" {y=1}',
      'db."a*" {z=1}',
      "db.ab {q=1}",
    ],
  },
  {
    title: "means all instances by the name, one by its key, and gives each its own values",
    files: [
      'resource web "w" : m.t.Web { for_each = ["x", "y"] }\n' +
      'layer "p" over "base" { override web.w { k = each.key t = "i${each.index}" } override web."w[y]" { last = true } }',
    ],
    setting: { layers: ["p"] },
    want: ['web.w[x] {k="x" t="i0"}', 'web.w[y] {k="y" t="i1" last=true}'],
  },
  {
    title: "refuses each where the match is no instance, and param everywhere",
    files: [`${WEB}layer "p" over "base" { override web.w { a = each.key b = param.x } }`],
    setting: { layers: ["p"] },
    want: [
      'E-EACH-OUTSIDE 2:46 Unresolved "each.key": the resource has no "for_each" and no "count"',
      'E-UNRESOLVED-PARAM 2:59 Unresolved "param.x": parameters have values only inside components',
    ],
  },
  {
    title: "takes secrets, variables and environment variables",
    files: [
      `${WEB}layer "p" over "base" { override web.w { note = secret("s") a = env("REGION") b = "in \${var.zone}" } }`,
    ],
    setting: { layers: ["p"], variables: { zone: "z1" } },
    want: ['web.w {size={cpu=1 tags={a=1 b=2}} note=secret("s") a="eu" b="in z1"}'],
  },
  {
    title: "replaces a section by a field, and refuses to write into a field that is no record",
    files: [
      `${WEB}layer "p" over "base" { override web.w { size = "small" } override web.w { note { a = 1 } } }`,
    ],
    setting: { layers: ["p"] },
    want: [
      'E-FIELD-TYPE 2:76 Cannot override the section "note" of "web.w": it is a field there, and no record',
    ],
  },
  {
    title: "removes what it unsets before it sets anything",
    files: [
      `${WEB}layer "p" over "base" { override web.* { size { cpu = 4 } unset size unset note } }`,
    ],
    setting: { layers: ["p"] },
    want: ["web.w {size={cpu=4}}"],
  },
  {
    title: "removes one field of a section, and warns of what removes nothing",
    files: [`${WEB}layer "p" over "base" { override web.* { unset size.tags unset siz unset note.x } }`],
    setting: { layers: ["p"] },
    want: [
      'W-OVERRIDE-NO-MATCH 2:58 "unset siz" in the layer "p" removes nothing: did you mean "size"?',
      'W-OVERRIDE-NO-MATCH 2:68 "unset note.x" in the layer "p" removes nothing',
      'web.w {size={cpu=1} note="n"}',
    ],
  },
  {
    title: "leaves components that nothing uses alone",
    files: [
      'component "k" { resource web "w" : m.t.Web {} }\nlayer "p" over "base" { override *.* { n = 1 } }',
    ],
    setting: { layers: ["p"] },
    want: ['W-OVERRIDE-NO-MATCH 2:34 The override of *.* in the layer "p" matches no resource'],
  },
];

for (const { title, files, setting, want } of CASES) {
  Deno.test(`a layer ${title}`, () => deepStrictEqual(outcome(files, exampleEnv, setting), want));
}

Deno.test("an override that lacks the instance of a component is told how to name it", () => {
  const text = 'component "k" { resource web "w" : m.t.Web {} }\nuse "k" as "a" {}\n' +
    'layer "p" over "base" { override web.w { n = 1 } }';
  const { diagnostics } = expandExample([text], exampleEnv, { layers: ["p"] });
  deepStrictEqual(diagnostics.map(({ message, hint }) => [message, hint]), [[
    'The override of web.w in the layer "p" matches no resource',
    "resources inside a component are of the kind instance__kind: write a__web.w",
  ]]);
});

Deno.test("an override of an instance that is not there names one that is", () => {
  const text = 'resource web "w" : m.t.Web { for_each = ["x", "y"] }\n' +
    'layer "p" over "base" { override web."w[z]" { n = 1 } }';
  const { diagnostics } = expandExample([text], exampleEnv, { layers: ["p"] });
  deepStrictEqual(diagnostics.map(({ message, hint }) => [message, hint]), [[
    'The override of web."w[z]" in the layer "p" matches no resource',
    'did you mean web."w[x]"?',
  ]]);
});

Deno.test("var.NAME that nothing sets is told where to set it, and in a text how to write the text itself", () => {
  const { diagnostics } = expandExample(['resource d "x" : m.t.D { a = var.zone b = "${var.region}" }']);
  deepStrictEqual(diagnostics.map(({ hint }) => hint), [
    'add it to "vars" in [environments.default] of smelt.toml',
    'set "region" in [environments.default] of smelt.toml; the plain text ${var.region} is written \\${var.region}',
  ]);
});

Deno.test("var.NAME reads what smelt.toml gives the environment", () => {
  const text =
    'resource d "x" : m.t.D { a = var.zone b = "${var.environment}-${ var.zone }" c = "\\${var.zone}" }';
  deepStrictEqual(outcome([text], exampleEnv, { variables: { zone: "z1" } }), [
    'd.x {a="z1" b="default-z1" c="${var.zone}"}',
  ]);
});

Deno.test("var.NAME may be the argument of a component, and the default of its parameter", () => {
  const text = 'component "k" { param z : String = var.zone resource d "x" : m.t.D { z = param.z } }\n' +
    'use "k" as "a" {}\nuse "k" as "b" { z = var.environment }';
  deepStrictEqual(outcome([text], exampleEnv, { variables: { zone: "z1" } }), [
    'a__d.x {z="z1"}',
    'b__d.x {z="default"}',
  ]);
});
