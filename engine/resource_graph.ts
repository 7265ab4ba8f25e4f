import { orderGraph, reverseEdges } from "./graph.ts";
import type { ResourceConfig } from "./resource_config.ts";

/** What the files want, ordered by what relies on what. */
export interface ResourceGraph {
  /** By address, in the order of an apply: by tier, then by address. */
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly tierCount: number;
}

/** One resource in the graph. */
export interface GraphNode {
  readonly config: ResourceConfig;
  /** Its place in the order of an apply; 0 is the first. */
  readonly position: number;
  /** 0 for a resource that relies on nothing; else one more than the deepest that it relies on. */
  readonly tier: number;
  /** Addresses that it relies on, each once, in the order of its needs. */
  readonly needs: readonly string[];
  /** Addresses that rely on it directly, each once, in the order of an apply. */
  readonly dependents: readonly string[];
}

/** Orders resources whose needs close no circle. Linear in resources and needs, but for the sorting. */
export function resourceGraph(resources: readonly ResourceConfig[]): ResourceGraph {
  const configs = new Map<string, ResourceConfig>(resources.map((each) => [each.address, each]));
  const { order, tiers } = orderGraph(
    new Map(resources.map(({ address, needs }) => [address, needs.flatMap((need) => need.targets)])),
  );
  const ordered = order.flatMap((address) => configs.get(address) ?? []);
  const edges = new Map(
    ordered.map(({ address, needs }) => [address, [...new Set(needs.flatMap((need) => need.targets))]]),
  );
  // Whoever comes first in `edges` is noted first, so dependents come out in the order of an apply.
  const dependents = reverseEdges(edges);
  const nodes = ordered.map((config, position) => ({
    config,
    position,
    tier: tiers.get(config.address) ?? 0,
    needs: edges.get(config.address) ?? [],
    dependents: dependents.get(config.address) ?? [],
  }));
  return {
    nodes: new Map(nodes.map((node) => [node.config.address, node])),
    tierCount: (nodes.at(-1)?.tier ?? -1) + 1,
  };
}

/**
 * All that rely on `address`, directly or through others, each once, in the order of an apply; `address` itself is not among
 * them. Costs what is reached and its edges, however large the graph is.
 */
export function blastRadius(graph: ResourceGraph, address: string): readonly GraphNode[] {
  const reached = new Map<string, GraphNode>();
  const waiting = [address];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const dependent of graph.nodes.get(next)?.dependents ?? []) {
      const node = graph.nodes.get(dependent);
      if (node === undefined || reached.has(dependent)) continue;
      reached.set(dependent, node);
      waiting.push(dependent);
    }
  }
  return [...reached.values()].sort((left, right) => left.position - right.position);
}

/** When a destroy comes to a resource: 0 is the first tier to go, the one that nothing relies on in the longest chain. */
export function destroyTier(graph: ResourceGraph, node: GraphNode): number {
  return graph.tierCount - 1 - node.tier;
}
