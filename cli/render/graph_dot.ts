import { bindingText } from "../../engine/need_use.ts";
import type { GraphNode, ResourceGraph } from "../../engine/resource_graph.ts";
import { type Line, line } from "../text.ts";

/**
 * The graph in the DOT language of Graphviz: addresses are labels, an arrow goes from who needs to what is needed and bears the
 * bindings, and the resources of each use of a component stand in a frame.
 */
export function graphDot({ nodes }: ResourceGraph): readonly Line[] {
  const all = [...nodes.values()];
  const groups = Map.groupBy(all, (node) => node.config.parts.component);
  return [
    "digraph smelt {",
    "  rankdir = LR;",
    "  node [shape = box];",
    ...[...groups].flatMap(([component, members]) =>
      component === undefined ? members.map((node) => `  ${nodeText(node)}`) : frame(component, members)
    ),
    ...all.flatMap(edgeTexts),
    "}",
  ].map((each) => line(each));
}

function frame(component: string, members: readonly GraphNode[]): readonly string[] {
  return [
    `  subgraph ${quoted(`cluster_${component}`)} {`,
    `    label = ${quoted(component)};`,
    ...members.map((node) => `    ${nodeText(node)}`),
    "  }",
  ];
}

function nodeText({ config }: GraphNode): string {
  const name = quoted(config.address);
  return `${name} [label = ${name}];`;
}

/** One arrow a target, however many needs name it. */
function edgeTexts({ config, needs }: GraphNode): readonly string[] {
  const bindings = new Map<string, string[]>(needs.map((target) => [target, []]));
  for (const need of config.needs) {
    if (need.binding === undefined) continue;
    for (const target of need.targets) bindings.get(target)?.push(bindingText(need.binding));
  }
  return [...bindings].map(([target, names]) => {
    const label = names.length === 0 ? "" : ` [label = ${quoted(names.join(", "))}]`;
    return `  ${quoted(config.address)} -> ${quoted(target)}${label};`;
  });
}

/** A quoted id, or label, of the DOT language: a backslash would escape what follows it, the quote that ends it too. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
