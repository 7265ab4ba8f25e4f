/** What the examples of the table of cases come to, as lines to compare. */
import type { ResourceConfig } from "../engine/resource_config.ts";
import { explainResource, type Explanation } from "../engine/explain.ts";
import { blastRadius, destroyTier, type GraphNode, resourceGraph } from "../engine/resource_graph.ts";
import { riskLevel } from "../engine/risk_level.ts";
import { exampleEnv, type ExampleSetting, expandExample, outcome, resourceLine } from "./expand_example.ts";
import type { ExpandExample, ExplainExample } from "./language_case.ts";
import { parse } from "./parse.ts";
import { sourceText } from "./source_text.ts";

/** What the parser says of a file. */
export function parseLines(text: string): readonly string[] {
  const { tree, diagnostics } = parse(sourceText("1.smelt", text));
  if (diagnostics.length === 0) return [`accepted: ${tree.declarations.length} declared`];
  return diagnostics.flatMap(({ code, line, column, message, hint }) => [
    `${code} ${line}:${column} ${message}`,
    ...(hint === undefined ? [] : [`hint: ${hint}`]),
  ]);
}

/** What the files want: their resources, and the order that their needs give. */
export function expandLines({ mode, source, layers = [] }: ExpandExample): readonly string[] {
  const setting: ExampleSetting = { layers };
  const lines = outcome([source], exampleEnv, setting);
  if (mode === "plan") return lines;
  const { desired, diagnostics } = expandExample([source], exampleEnv, setting);
  if (diagnostics.length > 0) return lines;
  if (mode === "graphcount") return [`${desired.resources.length} resources`];
  return graphLines(desired.resources);
}

function graphLines(resources: readonly ResourceConfig[]): readonly string[] {
  const graph = resourceGraph(resources);
  return [...graph.nodes.values()].flatMap((node) => {
    const radius = blastRadius(graph, node.config.address);
    return [
      resourceLine(node.config),
      `  tier ${node.tier}, destroy tier ${destroyTier(graph, node)}, ${radiusText(radius)}`,
    ];
  });
}

/** What is explained of one resource. */
export function explainLines({ source, explain }: ExplainExample): readonly string[] {
  const { desired, diagnostics } = expandExample([source]);
  if (diagnostics.length > 0) return outcome([source]);
  const graph = resourceGraph(desired.resources);
  const explained = explainResource({ graph, outputs: desired.outputs, schemas: () => undefined }, explain);
  return explained === undefined
    ? ["not found"]
    : [resourceLine(explained.node.config), ...factLines(explained)];
}

function factLines(explained: Explanation): readonly string[] {
  const { node, radius, tierCount, resourceCount } = explained;
  const { intent, owner, constraints, lifecycle } = node.config.annotations;
  return [
    `type ${node.config.type}`,
    `intent ${intent ?? "none"}, owner ${owner ?? "none"}`,
    `constraints ${listText(constraints)}`,
    `lifecycle ${listText(lifecycle)}`,
    `needs ${listText(explained.dependencies.map((each) => each.address))}`,
    ...explained.dependents.map((each) => `needed by ${each.address}: ${each.reasons.join("; ")}`),
    radiusText(radius),
    `order ${node.position + 1} of ${resourceCount}`,
    `tier ${node.tier} of ${tierCount}, beside ${listText(explained.tierPeers)}`,
    ...explained.sections.map(({ name, fields }) => `section ${name} [${fields.join(", ")}]`),
  ];
}

function radiusText(radius: readonly GraphNode[]): string {
  const addresses = radius.map((node) => node.config.address);
  return `blast radius ${radius.length} (${riskLevel(radius.length)}): ${listText(addresses)}`;
}

function listText(texts: readonly string[]): string {
  return texts.length === 0 ? "none" : texts.join(", ");
}
