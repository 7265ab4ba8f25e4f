import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { storedAddress } from "./address.ts";
import { explainResource, type Explanation } from "./explain.ts";
import { invariant } from "./invariant.ts";
import { need, testSchema, wantedConfig } from "./planning_fixture_test.ts";
import type { DesiredConfig, ResourceConfig } from "./resource_config.ts";
import { resourceGraph } from "./resource_graph.ts";
import { record } from "./value.ts";

const ORIGIN = { file: "main.smelt", line: 1, column: 1 };

function explained(
  address: string,
  resources: readonly ResourceConfig[],
  outputs: DesiredConfig["outputs"] = [],
): Explanation {
  const found = explainResource({ graph: resourceGraph(resources), outputs, schemas: testSchema }, address);
  invariant(found !== undefined, "It is there");
  return found;
}

const CHAIN = [
  wantedConfig("net.n", {
    intent: "spine",
    constraints: ["no public ip"],
    fields: { label: "x", ip: record([["mtu", 1500], ["cidr", "10.0.0.0/8"]]) },
  }),
  wantedConfig("sub.a", { needs: [need("net.n", "id", "parent")] }),
  wantedConfig("vm.v", { needs: [need("sub.a", "id", "parent"), need("net.n", "arn", "extra.note")] }),
  wantedConfig("log.l"),
];

Deno.test("H01: the root of a chain", () => {
  const { node, radius, risk, tierCount, resourceCount, sections, tierPeers, destroyTier, ...rest } =
    explained(
      "net.n",
      CHAIN,
    );
  deepStrictEqual([node.position, node.tier, tierCount, resourceCount, destroyTier], [1, 0, 3, 4, 2]);
  deepStrictEqual([radius.map((each) => each.config.address), risk], [["sub.a", "vm.v"], "Low"]);
  deepStrictEqual(sections, [{ name: "ip", fields: ["mtu", "cidr"] }]);
  deepStrictEqual(tierPeers, ["log.l"]);
  deepStrictEqual(rest.dependencies, []);
  deepStrictEqual(rest.outputsUsed, [
    { output: "id", address: "sub.a", field: "parent" },
    { output: "arn", address: "vm.v", field: "extra.note" },
  ]);
});

Deno.test("each need is a dependency with its intent and its place", () => {
  deepStrictEqual(explained("vm.v", CHAIN).dependencies, [
    { address: "sub.a", output: "id", binding: "parent", field: "parent", intent: undefined },
    { address: "net.n", output: "arn", binding: "extra.note", field: "extra.note", intent: "spine" },
  ]);
  const ordered = [wantedConfig("a.x"), wantedConfig("b.x", { needs: [need("a.x", "order")] })];
  deepStrictEqual(explained("b.x", ordered).dependencies, [
    { address: "a.x", output: undefined, binding: undefined, field: undefined, intent: undefined },
  ]);
  deepStrictEqual(explained("a.x", ordered).outputsUsed, []);
});

Deno.test("a dependent says why, in the words of the files, and stands once", () => {
  const target = { ...wantedConfig("q.w[a]"), parts: { kind: "q", name: "w", key: "a" } };
  const taker = wantedConfig("z.y", {
    needs: [
      need("q.w[a]", "arn", "extra.note"),
      need(["q.w[a]"], "id", "members"),
      need("q.w[a]", "order"),
      need("q.w[a]", "order"),
    ],
  });
  deepStrictEqual(explained("q.w[a]", [target, taker]).dependents, [{
    address: "z.y",
    reasons: ["needs q.w[a].arn -> extra.note", "needs q.w[*] -> members", "needs q.w[a]"],
  }]);
});

Deno.test("the project's outputs that show it are named", () => {
  const outputs = [{ name: "net", target: storedAddress("net.n"), path: "arn", origin: ORIGIN }];
  deepStrictEqual(explained("net.n", CHAIN, outputs).shownAs, [{ name: "net", output: "arn" }]);
  deepStrictEqual(explained("sub.a", CHAIN, outputs).shownAs, []);
});

Deno.test("an address that is not there is not explained", () => {
  const graph = resourceGraph(CHAIN);
  strictEqual(explainResource({ graph, outputs: [], schemas: testSchema }, "net.m"), undefined);
});
