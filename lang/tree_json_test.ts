import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { Value } from "../engine/value.ts";
import { parse } from "./parse.ts";
import { sourceText } from "./source_text.ts";
import { treeJson } from "./tree_json.ts";

/** The tree as plain data, with large numbers as text. */
function jsonOf(text: string, ...sensitiveNames: readonly string[]): unknown {
  return plain(treeJson(parse(sourceText("a.smelt", text)).tree, new Set(sensitiveNames)));
}

function plain(value: Value): unknown {
  return JSON.parse(JSON.stringify(value, (_, part) => typeof part === "bigint" ? `${part}n` : part));
}

/** What lies in `value` at a path of keys and positions. */
function partOf(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce(
    (inner, key) => typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined,
    value,
  );
}

Deno.test("treeJson() gives a resource with its keys in order, for_each and count only where they stand", () => {
  const text =
    'resource net "n" : m.t.Net { b = 1 @owner "core" needs a.b -> x ip { cidr = "c" } @intent "i" }';
  const wanted = {
    declarations: [{
      Resource: {
        kind: "net",
        name: "n",
        type_path: { segments: ["m", "t", "Net"] },
        annotations: [{ kind: "Owner", value: "core" }, { kind: "Intent", value: "i" }],
        dependencies: [{ source: { segments: ["a", "b"] }, binding: "x" }],
        sections: [{ name: "ip", fields: [{ name: "cidr", value: { String: "c" } }] }],
        fields: [{ name: "b", value: { Integer: 1 } }],
      },
    }],
  };
  strictEqual(JSON.stringify(jsonOf(text)), JSON.stringify(wanted));
  const many = jsonOf('resource "n" : m.t.Net { count = 2 }\nresource "o" : m.t.Net { for_each = ["a"] }');
  strictEqual(partOf(many, "declarations", 0, "Resource", "count"), 2);
  deepStrictEqual(partOf(many, "declarations", 1, "Resource", "for_each"), { Array: [{ String: "a" }] });
});

Deno.test("treeJson() tags each kind of value", () => {
  const tree = jsonOf(`resource a "b" : x.y.Z {
    s = "text"
    empty = ""
    i = 9223372036854775807
    n = 1.5
    t = true
    a = [1, "x"]
    r = { k = false, "k.v/x" = 2 }
    env = env("X")
    other = env("X", "d")
    p = param.p
    v = var.region
    ev = each.value
    evf = each.value.a.b
    ei = each.index
    ek = each.key
    mixed = "a\${each.value}b\${ env(\\"X\\") }\${unknown}"
  }`);
  deepStrictEqual(
    partOf(tree, "declarations", 0, "Resource", "fields"),
    Object.entries({
      s: { String: "text" },
      empty: { String: "" },
      i: { Integer: "9223372036854775807n" },
      n: { Number: 1.5 },
      t: { Bool: true },
      a: { Array: [{ Integer: 1 }, { String: "x" }] },
      r: { Record: [{ name: "k", value: { Bool: false } }, { name: "k.v/x", value: { Integer: 2 } }] },
      env: { EnvRef: "X" },
      other: { EnvRef: { name: "X", default: "d" } },
      p: { ParamRef: "p" },
      v: { VarRef: "region" },
      ev: "EachValue",
      evf: { EachValue: ["a", "b"] },
      ei: "EachIndex",
      ek: "EachKey",
      mixed: {
        Interpolated: [
          { Literal: "a" },
          { Expr: "EachValue" },
          { Literal: "b" },
          { Expr: { EnvRef: "X" } },
          { Literal: "${unknown}" },
        ],
      },
    }).map(([name, value]) => ({ name, value })),
  );
});

Deno.test("treeJson() gives references with their index, their output and their quoted segments", () => {
  const text =
    'resource a "b" : x.y.Z { needs q.w["k"].arn -> s.f needs q.w[*] -> f needs q."a b".x -> f needs q.w }';
  deepStrictEqual(partOf(jsonOf(text), "declarations", 0, "Resource", "dependencies"), [
    { source: { segments: ["q", "w"], index: { Key: "k" }, output: ["arn"] }, binding: "s.f" },
    { source: { segments: ["q", "w"], index: "All", output: [] }, binding: "f" },
    { source: { segments: ["q", { Quoted: "a b" }, "x"] }, binding: "f" },
    { source: { segments: ["q", "w"] }, binding: null },
  ]);
});

Deno.test("treeJson() gives every other declaration", () => {
  const text = `layer "l" over "base" { @owner "o" override net.* { mtu = 1 } }
    component "c" { param p : Integer = 3 param q : String resource a "b" : x.y.Z {} }
    use "c" as "d" { p = 1 }
    include "x.smelt"
    moved "a.b" to "c.d"
    removed "e.f"
    import "id-1" to "g.h"
    output o = net.n.arn`;
  deepStrictEqual(jsonOf(text), {
    declarations: [
      {
        Layer: {
          name: "l",
          base: "base",
          annotations: [{ kind: "Owner", value: "o" }],
          overrides: [{
            pattern: "net.*",
            sections: [],
            fields: [{ name: "mtu", value: { Integer: 1 } }],
          }],
        },
      },
      {
        Component: {
          name: "c",
          params: [
            { name: "p", param_type: "Integer", default: { Integer: 3 } },
            { name: "q", param_type: "String", default: null },
          ],
          annotations: [],
          resources: [{
            kind: "a",
            name: "b",
            type_path: { segments: ["x", "y", "Z"] },
            annotations: [],
            dependencies: [],
            sections: [],
            fields: [],
          }],
        },
      },
      { Use: { component: "c", instance: "d", args: [{ name: "p", value: { Integer: 1 } }] } },
      { Include: { path: "x.smelt" } },
      { Moved: { source: "a.b", target: "c.d" } },
      { Removed: { address: "e.f" } },
      { Import: { id: "id-1", address: "g.h" } },
      { Output: { name: "o", source: { segments: ["net", "n", "arn"] } } },
    ],
  });
});

Deno.test("treeJson() leaves the text of a secret out, wherever it stands", () => {
  const text =
    'resource a "b" : x.y.Z { p = secret("hunter2") l = [{ k = secret("""\n  hunter2\n""") }] }\n' +
    'component "c" { param p : String = secret("hunter2") }\nuse "c" as "d" { p = secret("hunter2") }\n' +
    'layer "l" over "base" { override a.b { s { p = secret("hunter2") } } }';
  const printed = JSON.stringify(jsonOf(text));
  ok(!printed.includes("hunter2"));
  strictEqual(printed.split('{"Secret":"(sensitive)"}').length, 6);
});

Deno.test("treeJson() leaves out texts and numbers that are given to a sensitive name", () => {
  const text =
    'resource a "b" : x.Y { password = "x" pin = [1, 2.5, { k = "x", e = env("E", "x") }] on = { pin = param.p } }\n' +
    'component "c" { param pin : String = "x" }\nuse "c" as "d" { pin = "x" name = "y" }';
  const tree = jsonOf(text, "password", "pin");
  deepStrictEqual(partOf(tree, "declarations", 0, "Resource", "fields"), [
    { name: "password", value: { String: "(sensitive)" } },
    {
      name: "pin",
      value: {
        Array: [{ Integer: "(sensitive)" }, { Number: "(sensitive)" }, {
          Record: [
            { name: "k", value: { String: "(sensitive)" } },
            { name: "e", value: { EnvRef: { name: "E", default: "(sensitive)" } } },
          ],
        }],
      },
    },
    { name: "on", value: { Record: [{ name: "pin", value: { ParamRef: "p" } }] } },
  ]);
  deepStrictEqual(partOf(tree, "declarations", 1, "Component", "params", 0, "default"), {
    String: "(sensitive)",
  });
  deepStrictEqual(partOf(tree, "declarations", 2, "Use", "args"), [
    { name: "pin", value: { String: "(sensitive)" } },
    { name: "name", value: { String: "y" } },
  ]);
});

Deno.test("treeJson() takes the tree of any text", () => {
  const pieces = fc.constantFrom(
    'resource a "b" : x.Y {',
    "}",
    "f = ",
    '"t${each.value}${env(\\"\\")}"',
    'secret("s")',
    "needs q.w[0].x -> f",
    'for_each = ["a"]',
    "[",
    "]",
    "@intent",
    '"s"',
    "\n",
  );
  fc.assert(fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
    ok(Array.isArray(partOf(jsonOf(parts.join(" ")), "declarations")));
  }));
});
