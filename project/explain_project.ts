import { type ChangeImpact, changeImpact, type ChangeKind } from "../engine/change_impact.ts";
import { explainResource, type Explanation } from "../engine/explain.ts";
import { invariant } from "../engine/invariant.ts";
import { resourceGraph } from "../engine/resource_graph.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ResourceSchema } from "../engine/schema.ts";
import type { Registry } from "../providers/registry.ts";
import { checkProject } from "./check_project.ts";
import type { ConfigFailure } from "./desired_config.ts";
import { explainConstraints, type ExplainedConstraint } from "./explain_constraints.ts";
import type { ProjectFailure } from "./failure.ts";
import { findNode } from "./find_node.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { type KnownState, readKnownState } from "./read_known_state.ts";
import { openWorkspace } from "./workspace.ts";

/** What is to be explained. */
export interface ExplainRequest {
  /** As the user writes it. */
  readonly address: string;
  readonly files: readonly string[];
  /** Whose layers and log are looked at; the default one when `undefined`. */
  readonly environment: string | undefined;
  /** What somebody means to do with the resource. */
  readonly change: ChangeKind | undefined;
}

/** A resource of the files, explained. */
export interface ExplainedResource {
  readonly explanation: Explanation;
  /** By the files, or by the log: what they cease to protect counts once it is applied. */
  readonly isProtected: boolean;
  readonly state: KnownState;
  /** What comes of each of its constraints, as far as the files alone tell. */
  readonly constraints: readonly ExplainedConstraint[];
  /** What the change that was asked for would touch. */
  readonly impact: ChangeImpact | undefined;
}

/** Explains one resource of the files, with what the log knows of it. */
export async function explainProject(
  ports: ProjectPorts,
  { address: text, files, environment, change }: ExplainRequest,
): Promise<Result<ExplainedResource, ConfigFailure | ProjectFailure>> {
  const workspace = await openWorkspace(ports.workingFolder);
  if (!workspace.ok) return workspace;
  const checked = await checkProject(ports, files, environment);
  if (!checked.ok) return checked;
  const { resources, outputs } = checked.value.desired;
  const graph = resourceGraph(resources);
  const found = findNode(graph, text);
  if (!found.ok) return err(found.error);
  const { address } = found.value.config;
  const schemas = schemasOf(ports.registry(workspace.value.paths));
  const explanation = explainResource({ graph, outputs, schemas }, address);
  invariant(explanation !== undefined, "What is found can be explained");
  const known = await readKnownState(ports, environment, address);
  const isProtected = (each: string) =>
    graph.nodes.get(each)?.config.annotations.isProtected === true || known.protectedAddresses.has(each);
  const schema = schemas(found.value.config.type);
  invariant(schema !== undefined, "What is checked has a type that is known");
  return ok({
    explanation,
    constraints: await explainConstraints(found.value.config, schema),
    isProtected: isProtected(address),
    state: known.state,
    impact: change && changeImpact({ graph, schemas, isProtected }, address, change),
  });
}

/** The schemas of a registry, each looked up once. */
function schemasOf(registry: Registry): (type: string) => ResourceSchema | undefined {
  const known = new Map<string, ResourceSchema | undefined>();
  return (type) => {
    if (!known.has(type)) {
      const found = registry.lookUp(type);
      known.set(type, found.ok ? found.value.schema : undefined);
    }
    return known.get(type);
  };
}
