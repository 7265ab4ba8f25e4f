import { bindingText, neededOutput } from "../../engine/need_use.ts";
import type { ResourceConfig } from "../../engine/resource_config.ts";
import type { GraphNode, ResourceGraph } from "../../engine/resource_graph.ts";
import type { Printable } from "./json_text.ts";

/** The graph for scripts; resources, tiers and what stands in a tier are in the order of an apply. */
export function graphJson({ nodes }: ResourceGraph): Printable {
  const tiers = Map.groupBy(nodes.values(), (node) => node.tier);
  return {
    schema: "smelt.graph.v1",
    resources: [...nodes.values()].map(nodeJson),
    tiers: [...tiers.values()].map((tier) => tier.map((node) => node.config.address)),
  };
}

/** Where a resource was written, and which use and instance it came from. */
export function originJson({ origin, parts }: ResourceConfig): Printable {
  return { file: origin.file, line: origin.line, component: parts.component, instance_key: parts.key };
}

function nodeJson({ config, tier, dependents }: GraphNode): Printable {
  return {
    id: config.address,
    type_path: config.type,
    intent: config.annotations.intent ?? null,
    owner: config.annotations.owner ?? null,
    tier,
    needs: config.needs.flatMap((need) =>
      need.targets.map((target) => ({
        target,
        output: neededOutput(need) ?? null,
        binding: need.binding === undefined ? null : bindingText(need.binding),
      }))
    ),
    dependents: [...dependents],
    origin: originJson(config),
  };
}
