import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { type Edges, orderGraph, reverseEdges } from "./graph.ts";
import { compareText } from "./text_order.ts";

const edges: fc.Arbitrary<Edges> = fc.array(fc.tuple(fc.nat(11), fc.array(fc.nat(13), { maxLength: 4 })), {
  maxLength: 12,
})
  .map((entries) =>
    new Map(entries.map(([node, targets]) => [`n${node}`, targets.map((each) => `n${each}`)] as const))
  );

const acyclicEdges: fc.Arbitrary<Edges> = fc.array(fc.array(fc.nat(), { maxLength: 4 }), { maxLength: 12 })
  .map((rows) =>
    new Map(
      rows.map((row, node) => [`n${node}`, node === 0 ? [] : row.map((each) => `n${each % node}`)] as const),
    )
  );

Deno.test("orderGraph() puts each node after all that it relies on, one tier above the deepest", () => {
  fc.assert(fc.property(acyclicEdges, (graph) => {
    const { order, tiers, cycle } = orderGraph(graph);
    strictEqual(cycle, undefined);
    deepStrictEqual([...order].sort(), [...graph.keys()].sort());
    for (const [node, targets] of graph) {
      const deepest = Math.max(-1, ...targets.map((target) => tiers.get(target) ?? -1));
      strictEqual(tiers.get(node), deepest + 1);
      for (const target of targets) ok(order.indexOf(target) < order.indexOf(node));
    }
    const sorted = [...order].sort((a, b) => (tiers.get(a) ?? 0) - (tiers.get(b) ?? 0) || compareText(a, b));
    deepStrictEqual(order, sorted);
  }));
});

Deno.test("orderGraph() gives one answer whatever the order in which nodes and edges come", () => {
  fc.assert(fc.property(acyclicEdges, (graph) => {
    const turned = new Map(
      [...graph].reverse().map(([node, targets]) => [node, [...targets].reverse()] as const),
    );
    deepStrictEqual(orderGraph(turned), orderGraph(graph));
  }));
});

Deno.test("orderGraph() names a true cycle exactly when there is one, and orders all that does not rely on it", () => {
  fc.assert(fc.property(edges, (graph) => {
    const { order, cycle } = orderGraph(graph);
    strictEqual(cycle === undefined, order.length === graph.size);
    if (cycle === undefined) return;
    ok(cycle.length >= 2);
    strictEqual(cycle[0], cycle.at(-1));
    strictEqual(new Set(cycle).size, cycle.length - 1);
    for (const [index, node] of cycle.slice(0, -1).entries()) {
      ok(graph.get(node)?.includes(cycle[index + 1] ?? ""));
    }
    for (const node of order) {
      for (const target of graph.get(node) ?? []) {
        ok(order.includes(target) || !graph.has(target));
      }
    }
  }));
});

Deno.test("orderGraph() names the path of a cycle, of a node on itself too", () => {
  const around = new Map([["a.x", ["b.x"]], ["b.x", ["c.x"]], ["c.x", ["a.x"]], ["d.x", ["a.x"]], [
    "e.x",
    [],
  ]]);
  const { order, cycle } = orderGraph(around);
  deepStrictEqual(cycle, ["a.x", "b.x", "c.x", "a.x"]);
  deepStrictEqual(order, ["e.x"]);
  deepStrictEqual(orderGraph(new Map([["a.x", ["a.x"]]])).cycle, ["a.x", "a.x"]);
});

Deno.test("orderGraph() counts parallel edges once and passes over targets that are no nodes", () => {
  const { order, tiers } = orderGraph(new Map([["b", ["a", "a", "elsewhere"]], ["a", ["elsewhere"]]]));
  deepStrictEqual(order, ["a", "b"]);
  deepStrictEqual([...tiers], [["a", 0], ["b", 1]]);
});

Deno.test("orderGraph() orders a chain of 100,000 without running out of stack", () => {
  const length = 100_000;
  const chain = new Map<string, string[]>();
  for (let node = 0; node < length; node++) chain.set(`n${node}`, node === 0 ? [] : [`n${node - 1}`]);
  const { tiers, cycle } = orderGraph(chain);
  strictEqual(cycle, undefined);
  strictEqual(tiers.get(`n${length - 1}`), length - 1);
  chain.set("n0", [`n${length - 1}`]);
  strictEqual(orderGraph(chain).cycle?.length, length + 1);
});

Deno.test("orderGraph() looks at each edge once", () => {
  let looks = 0;
  const size = 300;
  const graph = new Map<string, readonly string[]>();
  for (let node = 0; node < size; node++) {
    const targets = Array.from({ length: node }, (_, target) => `n${target}`);
    graph.set(
      `n${node}`,
      new Proxy(targets, {
        get: (list, key, self) => {
          if (typeof key === "string" && /^[0-9]+$/.test(key)) looks++;
          return Reflect.get(list, key, self);
        },
      }),
    );
  }
  strictEqual(orderGraph(graph).order.length, size);
  const edgeCount = size * (size - 1) / 2;
  ok(looks <= 2 * edgeCount, `${looks} looks at ${edgeCount} edges`);
});

Deno.test("reverseEdges() turns every edge round once", () => {
  const reversed = reverseEdges(new Map([["a", []], ["b", ["a", "a"]], ["c", ["a", "b", "elsewhere"]]]));
  deepStrictEqual([...reversed], [["a", ["b", "c"]], ["b", ["c"]], ["c", []]]);
});
