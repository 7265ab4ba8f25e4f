import { bindingText, neededOutput, neededPlace, needText } from "./need_use.ts";
import type { DesiredConfig } from "./resource_config.ts";
import { blastRadius, destroyTier, type GraphNode, type ResourceGraph } from "./resource_graph.ts";
import { type RiskLevel, riskLevel } from "./risk_level.ts";
import { formatFieldPath, type ResourceSchema } from "./schema.ts";
import { isRecord } from "./value.ts";

/** What resources are explained from. */
export interface ExplainInput {
  readonly graph: ResourceGraph;
  readonly outputs: DesiredConfig["outputs"];
  readonly schemas: (type: string) => ResourceSchema | undefined;
}

/** What the files say of one resource: why it is there, what it takes, what takes of it, and when its turn comes. */
export interface Explanation {
  readonly node: GraphNode;
  /** An entry a need and target, in the order of the files. */
  readonly dependencies: readonly ExplainedNeed[];
  /** Direct ones, in the order of an apply. */
  readonly dependents: readonly ExplainedDependent[];
  /** All that rely on it, directly or not. */
  readonly radius: readonly GraphNode[];
  readonly risk: RiskLevel;
  /** The tier of a destroy; 0 goes first. */
  readonly destroyTier: number;
  /** Others of its tier, in the order of an apply. */
  readonly tierPeers: readonly string[];
  readonly tierCount: number;
  readonly resourceCount: number;
  /** In the order of the files, as far as they are written there; fields of the body are not among them. */
  readonly sections: readonly { readonly name: string; readonly fields: readonly string[] }[];
  readonly outputsUsed: readonly OutputUse[];
  /** The project's outputs that show something of it. */
  readonly shownAs: readonly { readonly name: string; readonly output: string }[];
}

/** One thing that a resource takes of another. */
export interface ExplainedNeed {
  readonly address: string;
  /** `id`, or the name of an output; `undefined` where only the order counts. */
  readonly output: string | undefined;
  /** As written. */
  readonly binding: string | undefined;
  /** Where it goes, by the schema: `field` or `section.field`. */
  readonly field: string | undefined;
  /** What the other resource is for. */
  readonly intent: string | undefined;
}

/** A resource that takes something of the explained one. */
export interface ExplainedDependent {
  readonly address: string;
  /** Each need of it that names the explained one, for example `needs net.main.arn -> net_arn`. */
  readonly reasons: readonly string[];
}

/** Into which field of which resource an output goes. */
export interface OutputUse {
  readonly output: string;
  readonly address: string;
  readonly field: string;
}

/** Explains the resource of `address`; `undefined` when the graph has none of that address. */
export function explainResource(input: ExplainInput, address: string): Explanation | undefined {
  const { graph } = input;
  const node = graph.nodes.get(address);
  if (node === undefined) return undefined;
  const radius = blastRadius(graph, address);
  return {
    node,
    dependencies: explainNeeds(input, node),
    dependents: explainDependents(graph, node),
    radius,
    risk: riskLevel(radius.length),
    destroyTier: destroyTier(graph, node),
    tierPeers: tierPeers(graph, node),
    tierCount: graph.tierCount,
    resourceCount: graph.nodes.size,
    sections: writtenSections(node),
    outputsUsed: outputsUsed(input, node),
    shownAs: input.outputs.filter(({ target }) => target === address)
      .map(({ name, path }) => ({ name, output: path })),
  };
}

function explainNeeds({ graph, schemas }: ExplainInput, { config }: GraphNode): readonly ExplainedNeed[] {
  const schema = schemas(config.type);
  return config.needs.flatMap((need) => {
    const place = neededPlace(need, schema);
    return need.targets.map((address) => ({
      address,
      output: neededOutput(need),
      binding: need.binding === undefined ? undefined : bindingText(need.binding),
      field: place === undefined ? undefined : formatFieldPath(place),
      intent: graph.nodes.get(address)?.config.annotations.intent,
    }));
  });
}

function explainDependents(graph: ResourceGraph, node: GraphNode): readonly ExplainedDependent[] {
  const { address, parts } = node.config;
  return node.dependents.map((dependent) => {
    const needs = graph.nodes.get(dependent)?.config.needs ?? [];
    const reasons = needs.filter((need) => need.targets.includes(address))
      .map((need) => needText(need, parts));
    return { address: dependent, reasons: [...new Set(reasons)] };
  });
}

function outputsUsed({ graph, schemas }: ExplainInput, node: GraphNode): readonly OutputUse[] {
  const { address } = node.config;
  return node.dependents.flatMap((dependent) => {
    const config = graph.nodes.get(dependent)?.config;
    if (config === undefined) return [];
    const schema = schemas(config.type);
    return config.needs.filter((need) => need.targets.includes(address)).flatMap((need) => {
      const output = neededOutput(need);
      if (output === undefined || need.binding === undefined) return [];
      const place = neededPlace(need, schema);
      const field = place === undefined ? bindingText(need.binding) : formatFieldPath(place);
      return [{ output, address: dependent, field }];
    });
  });
}

function tierPeers(graph: ResourceGraph, { config, tier }: GraphNode): readonly string[] {
  return [...graph.nodes.values()]
    .filter((each) => each.tier === tier && each.config.address !== config.address)
    .map((each) => each.config.address);
}

function writtenSections({ config }: GraphNode): Explanation["sections"] {
  return config.sections.map((name) => {
    const section = config.fields[name];
    return { name, fields: isRecord(section) ? Object.keys(section) : [] };
  });
}
