import type { LanguageCase } from "./language_case.ts";

/** Chapter F: layers and their overrides. */
export const LAYER_CASES: readonly LanguageCase[] = [
  {
    id: "F02",
    title: "layer applied by name",
    mode: "plan",
    source: 'resource web "w" : m.t.Web { size { cpu = 1 tags = { a = 1 b = 2 } } note = "n" }\n' +
      'resource db "d" : m.t.Db { }\n' +
      'layer "small" over "base" { override web.* { size { cpu = 2 } } }',
    layers: ["small"],
    want: ['web.w {size={cpu=2 tags={a=1 b=2}} note="n"}', "db.d {}"],
  },
  {
    id: "F04",
    title: "chain order: later wins",
    mode: "plan",
    source: 'resource web "w" : m.t.Web { size { cpu = 1 tags = { a = 1 b = 2 } } note = "n" }\n' +
      'resource db "d" : m.t.Db { }\n' +
      'layer "p" over "x" { override web.w { note = "p" } }\n' +
      'layer "q" over "x" { override web.w { note = "q" } }',
    layers: ["q", "p"],
    want: [
      'W-LAYER-BASE 4:16 The layer "q" stands over "x", which is not before it in the layers of "default"',
      'W-LAYER-BASE 3:16 The layer "p" stands over "x", which is not before it in the layers of "default"',
      'web.w {size={cpu=1 tags={a=1 b=2}} note="p"}',
      "db.d {}",
    ],
  },
  {
    id: "F05",
    title: "overrides inside a layer: later wins",
    mode: "plan",
    source: 'resource web "w" : m.t.Web { size { cpu = 1 tags = { a = 1 b = 2 } } note = "n" }\n' +
      'resource db "d" : m.t.Db { }\n' +
      'layer "p" over "x" { override web.w { note = "1" } override * { note = "2" } }',
    layers: ["p"],
    want: [
      'W-LAYER-BASE 3:16 The layer "p" stands over "x", which is not before it in the layers of "default"',
      'web.w {size={cpu=1 tags={a=1 b=2}} note="2"}',
      'db.d {note="2"}',
    ],
  },
  {
    id: "F06",
    title: "new section and field are created",
    mode: "plan",
    source: 'resource web "w" : m.t.Web { size { cpu = 1 tags = { a = 1 b = 2 } } note = "n" }\n' +
      'resource db "d" : m.t.Db { }\n' +
      'layer "p" over "x" { override db.d { io { fast = true } tier = 3 } }',
    layers: ["p"],
    want: [
      'W-LAYER-BASE 3:16 The layer "p" stands over "x", which is not before it in the layers of "default"',
      'web.w {size={cpu=1 tags={a=1 b=2}} note="n"}',
      "db.d {io={fast=true} tier=3}",
    ],
  },
  {
    id: "F08",
    title: "component ids need the scoped kind",
    mode: "plan",
    source: 'component "k" { resource web "w" : m.t.Web {} }\n' +
      'use "k" as "a" {}\n' +
      'layer "p" over "x" { override web.* { n = 1 } override a__web.* { n = 2 } }',
    layers: ["p"],
    want: [
      'W-LAYER-BASE 3:16 The layer "p" stands over "x", which is not before it in the layers of "default"',
      'W-OVERRIDE-NO-MATCH 3:31 The override of web.* in the layer "p" matches no resource',
      "a__web.w {n=2}",
    ],
  },
  {
    id: "F09",
    title: "instances match by template pattern",
    mode: "plan",
    source: 'resource web "w" : m.t.Web { for_each = ["x"] }\n' +
      'layer "p" over "x" { override web.* { n = 1 } }',
    layers: ["p"],
    want: [
      'W-LAYER-BASE 2:16 The layer "p" stands over "x", which is not before it in the layers of "default"',
      "web.w[x] {n=1}",
    ],
  },
  // The chain of the environment is the whole truth: what a layer stands over is not pulled in.
  {
    id: "F10",
    title: "layer over a base layer",
    mode: "plan",
    source: 'resource web "w" : m.t.Web { size { cpu = 1 tags = { a = 1 b = 2 } } note = "n" }\n' +
      'resource db "d" : m.t.Db { }\n' +
      'layer "base" over "none" { override web.w { note = "b" } }\n' +
      'layer "top" over "base" { override web.w { size { cpu = 8 } } }',
    layers: ["top"],
    want: [
      'W-LAYER-BASE 4:18 The layer "top" stands over "base", which is not before it in the layers of "default"',
      'web.w {size={cpu=8 tags={a=1 b=2}} note="n"}',
      "db.d {}",
    ],
  },
  {
    id: "F13",
    title: "a second layer of the same name",
    mode: "plan",
    source: 'resource web "w" : m.t.Web { size { cpu = 1 tags = { a = 1 b = 2 } } note = "n" }\n' +
      'resource db "d" : m.t.Db { }\n' +
      'layer "p" over "x" { override web.w { note = "1" } }\n' +
      'layer "p" over "x" { override web.w { note = "2" } }',
    layers: ["p"],
    want: [
      'E-DUP-LAYER 4:7 Duplicate layer "p": the other one is at 1.smelt:3:7',
      'W-LAYER-BASE 3:16 The layer "p" stands over "x", which is not before it in the layers of "default"',
    ],
  },
];
