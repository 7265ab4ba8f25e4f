import { deepStrictEqual } from "node:assert/strict";
import { relationReasons, type StoredRelations } from "./relation_reasons.ts";
import { parseFieldPath } from "./schema.ts";
import { record } from "./value.ts";
import type { BindingSource, Wanted } from "./wanted.ts";

const STORED: StoredRelations = {
  dependencies: ["a.a", "b.b", "d.d"].map((address) => ({ address, incarnation: 1 })),
  bindings: [{ path: "content", from: ["a.a"], source: "id" }],
  triggers: { "b.b.cidr": "1" },
};

function source(text: string): BindingSource {
  const dot = text.lastIndexOf(".");
  return { address: text.slice(0, dot), output: text.slice(dot + 1) };
}

function wanted(
  bindings: Readonly<Record<string, readonly string[]>>,
  triggers: readonly string[],
  dependencies: readonly string[],
): Wanted {
  return {
    type: "toy.Thing",
    schemaVersion: 1,
    fields: record(),
    bindings: Object.entries(bindings).map(([path, sources]) => ({
      path: parseFieldPath(path),
      sources: sources.map(source),
      shape: "single",
    })),
    triggers: triggers.map(source),
    dependencies,
    description: {},
    isProtected: false,
    deadlinesMs: { create: 1, update: 1, delete: 1 },
  };
}

Deno.test("relationReasons() of what stays as it is says nothing", () => {
  const same = wanted({ content: ["a.a.id"] }, ["b.b.cidr"], ["a.a", "b.b", "d.d"]);
  deepStrictEqual(relationReasons(STORED, same), []);
});

Deno.test("relationReasons() names what fields will come from and what they came from", () => {
  const turned = wanted({ content: ["p.p.word"], "tags.a": ["b.b.id", "d.d.id"] }, ["b.b.cidr"], [
    "b.b",
    "d.d",
    "p.p",
  ]);
  deepStrictEqual(relationReasons(STORED, turned), [
    "content will come from p.p.word, no more from a.a.id",
    "tags.a will come from b.b.id, d.d.id",
  ]);
  const written = wanted({}, ["b.b.cidr"], ["b.b", "d.d"]);
  deepStrictEqual(relationReasons(STORED, written), ["content will come from a.a.id no more"]);
});

Deno.test("relationReasons() names what replaces it, and what it needs besides", () => {
  const other = wanted({ content: ["a.a.id"] }, ["e.e.arn"], ["a.a", "b.b", "e.e", "f.f"]);
  deepStrictEqual(relationReasons(STORED, other), [
    "it will be replaced with e.e.arn",
    "it will be replaced with b.b.cidr no more",
    "it will need f.f",
    "it will need d.d no more",
  ]);
});
