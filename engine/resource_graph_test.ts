import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { need, wantedConfig } from "./planning_fixture_test.ts";
import { blastRadius, destroyTier, type ResourceGraph, resourceGraph } from "./resource_graph.ts";
import { raisedRisk, riskLevel } from "./risk_level.ts";

/** A graph of addresses and what each needs. */
function graphOf(needs: Readonly<Record<string, readonly string[]>>): ResourceGraph {
  return resourceGraph(
    Object.entries(needs).map(([address, targets]) =>
      wantedConfig(address, { needs: targets.map((target) => need(target, "id", "net_id")) })
    ),
  );
}

function radiusOf(graph: ResourceGraph, address: string): readonly string[] {
  return blastRadius(graph, address).map((node) => node.config.address);
}

/** By address: tier and destroy tier. */
function tiersOf(graph: ResourceGraph): Record<string, readonly [number, number]> {
  return Object.fromEntries(
    [...graph.nodes].map(([address, node]) => [address, [node.tier, destroyTier(graph, node)]]),
  );
}

const DIAMOND = {
  "vm.web": ["sub.a", "sub.b"],
  "sub.b": ["net.n"],
  "sub.a": ["net.n"],
  "net.n": [],
  "log.l": [],
};

Deno.test("D01: a diamond has its tiers, its destroy tiers, and each resource once in a radius", () => {
  const graph = graphOf(DIAMOND);
  deepStrictEqual([...graph.nodes.keys()], ["log.l", "net.n", "sub.a", "sub.b", "vm.web"]);
  deepStrictEqual(tiersOf(graph), {
    "log.l": [0, 2],
    "net.n": [0, 2],
    "sub.a": [1, 1],
    "sub.b": [1, 1],
    "vm.web": [2, 0],
  });
  deepStrictEqual(radiusOf(graph, "net.n"), ["sub.a", "sub.b", "vm.web"]);
  deepStrictEqual(radiusOf(graph, "sub.a"), ["vm.web"]);
  deepStrictEqual(radiusOf(graph, "vm.web"), []);
});

Deno.test("D02: the longest path decides the tier", () => {
  const graph = graphOf({ "c.x": ["a.x", "b.x"], "b.x": ["a.x"], "a.x": [] });
  deepStrictEqual(tiersOf(graph), { "a.x": [0, 2], "b.x": [1, 1], "c.x": [2, 0] });
});

Deno.test("resourceGraph() names a dependent once, however many needs it has, and in the order of an apply", () => {
  const graph = graphOf({ "b.x": ["a.x", "a.x"], "z.x": ["b.x", "a.x"], "c.x": ["a.x"], "a.x": [] });
  deepStrictEqual(graph.nodes.get("a.x")?.dependents, ["b.x", "c.x", "z.x"]);
  deepStrictEqual(graph.nodes.get("z.x")?.needs, ["b.x", "a.x"]);
});

Deno.test("blastRadius() is what the needs lead to, transitively, by tier and then address", () => {
  const rows = fc.array(fc.array(fc.nat(), { maxLength: 3 }), { maxLength: 12 });
  fc.assert(fc.property(rows, (numbers) => {
    const needs = Object.fromEntries(
      numbers.map((row, node) => [`n${node}`, node === 0 ? [] : row.map((each) => `n${each % node}`)]),
    );
    const graph = graphOf(needs);
    const reaches = (from: string, to: string): boolean =>
      (needs[from] ?? []).some((each) => each === to || reaches(each, to));
    for (const address of graph.nodes.keys()) {
      const wanted = [...graph.nodes.keys()].filter((each) => reaches(each, address));
      deepStrictEqual(radiusOf(graph, address), wanted);
    }
  }));
});

Deno.test("a radius visits each resource once, however many ways lead to it", () => {
  const rungs = Array.from({ length: 60 }, (_, index) => {
    const below = index === 0 ? [] : [`a.n${index - 1}`, `b.n${index - 1}`];
    return [[`a.n${index}`, below], [`b.n${index}`, below]] as const;
  });
  strictEqual(radiusOf(graphOf(Object.fromEntries(rungs.flat())), "a.n0").length, 118);
});

Deno.test("a radius costs what it reaches: of 100,000 in a chain, the last but three has three", () => {
  const length = 100_000;
  const name = (index: number) => `n.n${index}`;
  const graph = resourceGraph(Array.from({ length }, (_, index) => {
    const needs = index === 0 ? [] : [need(name(index - 1), "id", "net_id")];
    return wantedConfig(name(index), { needs });
  }));
  strictEqual(graph.tierCount, length);
  deepStrictEqual(radiusOf(graph, name(length - 4)), [
    name(length - 3),
    name(length - 2),
    name(length - 1),
  ]);
  strictEqual(radiusOf(graph, name(0)).length, length - 1);
  const startMs = performance.now();
  for (let round = 0; round < 10_000; round++) radiusOf(graph, name(length - 4));
  // Each of them by a walk over the whole chain would take minutes.
  ok(performance.now() - startMs < 5000);
});

Deno.test("riskLevel() and raisedRisk() keep their borders", () => {
  deepStrictEqual([0, 1, 2, 3, 9, 10, 24, 25, 1e6].map(riskLevel), [
    "None",
    "Low",
    "Low",
    "Medium",
    "Medium",
    "High",
    "High",
    "Critical",
    "Critical",
  ]);
  strictEqual(raisedRisk("None", 1), "Low");
  strictEqual(raisedRisk("High", 2), "Critical");
});
