import { orderGraph, reverseEdges } from "../engine/graph.ts";
import { ok, type Result } from "../engine/result.ts";
import type { ResourceConfig } from "../engine/resource_config.ts";
import type { ConfigFailure } from "./desired_config.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { checkProject } from "./check_project.ts";

/** What relies on what, as the files say it. */
export interface ProjectGraph {
  /** By tier, then by address. */
  readonly nodes: readonly GraphNode[];
}

/** One resource in the graph. */
export interface GraphNode {
  readonly config: ResourceConfig;
  readonly tier: number;
  /** Addresses that it relies on, each once. */
  readonly needs: readonly string[];
  readonly dependents: readonly string[];
}

/** Reads the files and orders what they want. */
export async function projectGraph(
  ports: ProjectPorts,
  files: readonly string[],
): Promise<Result<ProjectGraph, ConfigFailure | ProjectFailure>> {
  const checked = await checkProject(ports, files);
  if (!checked.ok) return checked;
  const configs = new Map<string, ResourceConfig>(
    checked.value.desired.resources.map((each) => [each.address, each]),
  );
  const edges = new Map<string, readonly string[]>();
  for (const [address, config] of configs) {
    edges.set(address, [...new Set(config.needs.flatMap((need) => need.targets))]);
  }
  const { order, tiers } = orderGraph(edges);
  const dependents = reverseEdges(edges);
  const nodes = order.flatMap((address) => {
    const config = configs.get(address);
    if (config === undefined) return [];
    const needs = edges.get(address) ?? [];
    return [{ config, tier: tiers.get(address) ?? 0, needs, dependents: dependents.get(address) ?? [] }];
  });
  return ok({ nodes });
}
