import { type GraphNode, projectGraph } from "../../project/project_graph.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { jsonText, type Printable } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";
import { type Line, line, span } from "../text.ts";

/** `smelt graph` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const graph = await projectGraph(context.ports, input.args);
  if (!graph.ok) return reportFailure(context, graph.error, input.flag("json") ? "json" : "text");
  const { nodes } = graph.value;
  if (input.flag("json")) context.printer.machine(jsonText(graphJson(nodes)));
  else if (input.flag("dot")) context.printer.out(dotLines(nodes));
  else context.printer.out(textLines(nodes));
  return EXIT_CODES.ok;
}

function textLines(nodes: readonly GraphNode[]): readonly Line[] {
  const heading = line(span(`Resources (${nodes.length}), in the order of an apply`, "bold"));
  const width = String(nodes.length).length;
  return [heading, ...nodes.map((node, index) => nodeLine(node, String(index + 1).padStart(width)))];
}

function nodeLine({ config, tier, needs }: GraphNode, number: string): Line {
  const { intent } = config.annotations;
  return line(
    `  ${number}. `,
    span(config.address, "bold"),
    ` : ${config.type}`,
    span(`  tier ${tier}`, "dim"),
    needs.length === 0 ? "" : `  needs ${needs.join(", ")}`,
    span(intent === undefined ? "" : `  # ${intent}`, "dim"),
  );
}

function dotLines(nodes: readonly GraphNode[]): readonly Line[] {
  return [
    line("digraph smelt {"),
    line("  rankdir = LR;"),
    line("  node [shape = box];"),
    ...nodes.map(({ config }) => line(`  ${dotId(config.address)};`)),
    ...nodes.flatMap(({ config, needs }) =>
      needs.map((target) => line(`  ${dotId(config.address)} -> ${dotId(target)};`))
    ),
    line("}"),
  ];
}

/** A quoted id of the DOT language: backslash and quote escaped. */
function dotId(address: string): string {
  return `"${address.replace(/["\\]/g, "\\$&")}"`;
}

function graphJson(nodes: readonly GraphNode[]): Printable {
  const tiers = Map.groupBy(nodes, (node) => node.tier);
  return {
    resources: nodes.map(nodeJson),
    tiers: [...tiers.values()].map((tier) => tier.map((node) => node.config.address)),
  };
}

function nodeJson({ config, tier, needs, dependents }: GraphNode): Printable {
  return {
    address: config.address,
    type: config.type,
    intent: config.annotations.intent,
    owner: config.annotations.owner,
    tier,
    needs: [...needs],
    dependents: [...dependents],
    origin: {
      file: config.origin.file,
      line: config.origin.line,
      component: config.parts.component,
      instance_key: config.parts.key,
    },
  };
}
