import { addressesText } from "./addresses_text.ts";
import { spreadChange, type SpreadInput } from "./change_spread.ts";
import { invariant } from "./invariant.ts";
import type { ResourceConfig } from "./resource_config.ts";
import type { Action } from "./plan.ts";
import { blastRadius, type GraphNode } from "./resource_graph.ts";
import { raisedRisk, type RiskLevel, riskLevel } from "./risk_level.ts";
import type { ResourceSchema } from "./schema.ts";

/** What somebody means to do with a resource. */
export type ChangeKind = "destroy" | "replace" | "update";

/** The kinds in the order in which help and messages name them. */
export const CHANGE_KINDS: readonly ChangeKind[] = ["destroy", "replace", "update"];

/** What a plan would do with a resource that a change touches. */
export type TouchAction = Extract<Action, "rebind" | "update" | "replace" | "delete" | "forget">;

/** What the consequences of a change are told from. */
export interface ImpactInput extends SpreadInput {
  /** Whether the files, or the log, protect a resource. */
  readonly isProtected: (address: string) => boolean;
}

/** A resource that a change of another one would reach. */
export interface TouchedResource {
  readonly address: string;
  readonly action: TouchAction;
  /** Why, for example `network_id takes net.main.id`; nothing where all that rely on it have to go. */
  readonly because: readonly string[];
  readonly isProtected: boolean;
  /** What would be lost with its object; `undefined` where the schema and the files know of nothing. */
  readonly loses: string | undefined;
}

/** What a change of one resource would do to it and to others. */
export interface ChangeImpact {
  readonly change: ChangeKind;
  /** The resource itself. */
  readonly subject: TouchedResource;
  /** Others, in the order in which their turn comes: of an apply, or of a destroy. */
  readonly touched: readonly TouchedResource[];
  /** Protected resources that would be deleted or replaced: with any of them, the change is refused. */
  readonly refusedBy: readonly string[];
  /** By the count of those touched, and one level more for each reason. */
  readonly risk: {
    readonly level: RiskLevel;
    readonly byCount: RiskLevel;
    readonly raisedBy: readonly string[];
  };
}

/** Tells what `change` of `address`, one of the graph, would touch. Costs the radius of `address` and its needs. */
export function changeImpact(input: ImpactInput, address: string, change: ChangeKind): ChangeImpact {
  const node = input.graph.nodes.get(address);
  invariant(node !== undefined, "What changes is in the graph");
  const radius = blastRadius(input.graph, address);
  const isDestroy = change === "destroy";
  const subject = touchedBy(input, node, { action: isDestroy ? endOf(node) : change, because: [] });
  const touched = isDestroy
    ? inDestroyOrder(radius).map((each) => touchedBy(input, each, { action: endOf(each), because: [] }))
    : spreadChange(input, { node, change }, radius).map((each) => touchedBy(input, each.node, each));
  const ended = [...touched, subject].filter((each) => isEnd(each.action));
  const refusedBy = ended.filter((each) => each.isProtected).map((each) => each.address);
  return { change, subject, touched, refusedBy, risk: weigh(touched.length, refusedBy, ended) };
}

/** Dependents first; within a tier as in an apply. */
function inDestroyOrder(radius: readonly GraphNode[]): readonly GraphNode[] {
  return radius.toSorted((left, right) => right.tier - left.tier || left.position - right.position);
}

function weigh(
  count: number,
  refusedBy: readonly string[],
  ended: readonly TouchedResource[],
): ChangeImpact["risk"] {
  const losing = ended.filter((each) => each.loses !== undefined).map((each) => each.address);
  const raisedBy = [
    ...(refusedBy.length > 0 ? [`protected: ${addressesText(refusedBy)}`] : []),
    ...(losing.length > 0 ? [`what cannot be made again as it was: ${addressesText(losing)}`] : []),
  ];
  const byCount = riskLevel(count);
  return { level: raisedRisk(byCount, raisedBy.length), byCount, raisedBy };
}

function endOf({ config }: GraphNode): TouchAction {
  return config.annotations.isRetained ? "forget" : "delete";
}

function isEnd(action: TouchAction): boolean {
  return action === "delete" || action === "replace";
}

function touchedBy(
  { schemas, isProtected }: ImpactInput,
  { config }: GraphNode,
  { action, because }: Pick<TouchedResource, "action" | "because">,
): TouchedResource {
  return {
    address: config.address,
    action,
    because,
    isProtected: isProtected(config.address),
    loses: isEnd(action) ? lossOf(config, schemas(config.type)) : undefined,
  };
}

/** What a new object of the same configuration would not have. */
function lossOf(config: ResourceConfig, schema: ResourceSchema | undefined): string | undefined {
  if (config.annotations.isRetained) return "@lifecycle says that its object is to be retained";
  if (schema === undefined || schema.world !== undefined || schema.outputs.length === 0) return undefined;
  return "the values made for it are in the log alone, and others would be made";
}
