import { isFixed, mayChange, type SourceChange } from "./changed_output.ts";
import { bindingText, neededOutput, neededPlace } from "./need_use.ts";
import type { Need, ResourceConfig } from "./resource_config.ts";
import type { GraphNode, ResourceGraph } from "./resource_graph.ts";
import { type FieldPath, formatFieldPath, type ResourceSchema } from "./schema.ts";

/** The resources that a change spreads over, and what is known of their types. */
export interface SpreadInput {
  readonly graph: ResourceGraph;
  readonly schemas: (type: string) => ResourceSchema | undefined;
}

/** What a change of something that a resource takes comes to for it: a `rebind` makes no call. */
export interface Consequence {
  readonly action: SourceChange | "rebind";
  /** For example `network_id takes net.main.id`. */
  readonly because: readonly string[];
}

/** A resource that a change comes to. */
export interface Reached extends Consequence {
  readonly node: GraphNode;
}

/**
 * What an update or a replacement of `subject` comes to for those of `radius`, all that rely on it in the order of an apply:
 * whatever a resource takes has been decided before it. Who takes nothing that changes is not reached.
 */
export function spreadChange(
  input: SpreadInput,
  subject: { readonly node: GraphNode; readonly change: SourceChange },
  radius: readonly GraphNode[],
): readonly Reached[] {
  const changes = new Map<string, SourceChange>([[subject.node.config.address, subject.change]]);
  const reached: Reached[] = [];
  for (const node of radius) {
    const consequence = consequenceOf(input, node, changes);
    if (consequence === undefined) continue;
    const { action } = consequence;
    if (action !== "rebind") changes.set(node.config.address, action);
    reached.push({ node, ...consequence });
  }
  return reached;
}

const GRAVITY = { rebind: 0, update: 1, replace: 2 } as const;

/** The gravest of what its needs bring, with the reasons for that. */
function consequenceOf(
  input: SpreadInput,
  { config }: GraphNode,
  changes: ReadonlyMap<string, SourceChange>,
): Consequence | undefined {
  const found = config.needs.flatMap((need) =>
    need.targets.flatMap((target) => {
      const change = changes.get(target);
      return change === undefined ? [] : neededChange(input, { config, need, target }, change);
    })
  );
  const worst = found.reduce((greatest, { action }) => Math.max(greatest, GRAVITY[action]), 0);
  const gravest = found.filter(({ action }) => GRAVITY[action] === worst);
  const [first] = gravest;
  if (first === undefined) return undefined;
  return { action: first.action, because: [...new Set(gravest.flatMap(({ because }) => because))] };
}

interface Taking {
  readonly config: ResourceConfig;
  readonly need: Need;
  readonly target: string;
}

/** What the change of a target means for one need of it. */
function neededChange(
  input: SpreadInput,
  { config, need, target }: Taking,
  change: SourceChange,
): readonly Consequence[] {
  const output = neededOutput(need);
  const schema = input.schemas(config.type);
  const place = neededPlace(need, schema);
  const isTaken = output !== undefined && need.binding !== undefined && !isIgnored(config, place) &&
    mayChange(input.schemas(input.graph.nodes.get(target)?.config.type ?? ""), output, change);
  if (!isTaken) {
    return change === "replace" ? [{ action: "rebind", because: [`it relies on ${target}`] }] : [];
  }
  const field = place === undefined ? bindingText(need.binding) : formatFieldPath(place);
  const isReplaced = place !== undefined && isFixed(schema, place);
  const why = `${field} takes ${target}.${output}`;
  return [
    isReplaced
      ? { action: "replace", because: [`${why} and cannot change in place`] }
      : { action: "update", because: [why] },
  ];
}

/** What `@ignore_changes` names stays as it is. */
function isIgnored({ annotations }: ResourceConfig, place: FieldPath | undefined): boolean {
  if (place === undefined) return false;
  const { ignoreChanges } = annotations;
  return ignoreChanges.includes(formatFieldPath(place)) ||
    (place.section !== "" && ignoreChanges.includes(place.section));
}
