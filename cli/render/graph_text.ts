import type { GraphNode, ResourceGraph } from "../../engine/resource_graph.ts";
import { alignColumns, type Line, line, span } from "../text.ts";
import { addressesText } from "../../engine/addresses_text.ts";

/** The graph as people read it: a block a tier, in the order of an apply; positions and tiers count from 1. */
export function graphLines({ nodes, tierCount }: ResourceGraph): readonly Line[] {
  const heading = line(span(`Resources (${nodes.size}), in the order of an apply`, "bold"));
  const width = String(nodes.size).length;
  const tiers = Map.groupBy(nodes.values(), (node) => node.tier);
  return [
    heading,
    ...[...tiers].flatMap(([tier, members]) => [
      line(),
      line(span(`tier ${tier + 1} of ${tierCount}`, "dim")),
      ...alignColumns(members.map((node) => nodeCells(node, width))),
    ]),
  ];
}

function nodeCells({ config, position, needs }: GraphNode, width: number): Line {
  const { intent } = config.annotations;
  const notes = [
    needs.length === 0 ? undefined : `needs ${addressesText(needs)}`,
    intent === undefined ? undefined : `# ${intent}`,
  ].filter((note) => note !== undefined);
  return [
    span(`  ${String(position + 1).padStart(width)}. ${config.address}`, "bold"),
    span(`: ${config.type}`),
    span(notes.join("  "), "dim"),
  ];
}
