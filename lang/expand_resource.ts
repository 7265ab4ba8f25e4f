import { type Address, type AddressParts, formatAddress } from "../engine/address.ts";
import type { Origin, ResourceConfig } from "../engine/resource_config.ts";
import { record, type Value, type ValueRecord } from "../engine/value.ts";
import { readAnnotations } from "./annotation_meaning.ts";
import { originOf, tokenExtent } from "./expand_findings.ts";
import type { EachElement, ExpandWork, Scope } from "./expand_scope.ts";
import { evaluate } from "./expand_value.ts";
import { FieldOrigins } from "./field_origins.ts";
import { instancesOf } from "./instance_list.ts";
import { applyLayers } from "./layer_apply.ts";
import { fieldName, nameText, resourceKind, typeText } from "./syntax_text.ts";
import type { FieldNode, ResourceNode } from "./syntax_tree.ts";

/** A `resource` as it is written, and where it stands: at the top level, or in one use of a component. */
export interface PlacedResource {
  readonly node: ResourceNode;
  /** Outside of all instances. */
  readonly scope: Scope;
  readonly component: ComponentInstance | undefined;
}

/** One use of a component. */
export interface ComponentInstance {
  readonly name: string;
  /** The addresses of the component's own resources, as they are written inside it. */
  readonly members: ReadonlySet<Address>;
}

/** The resources that one `resource` makes: itself, or its instances. */
export interface ResourceGroup {
  readonly placed: PlacedResource;
  /** The address without a key. */
  readonly base: Address;
  readonly origin: Origin;
  readonly isTemplate: boolean;
  /** Whether it stands for instances that are not known, so that any key may be one. */
  readonly isOpen: boolean;
  readonly drafts: readonly ResourceDraft[];
  /** The addresses of `drafts`. */
  readonly addresses: readonly Address[];
}

/** A resource whose needs are not resolved yet. */
export type ResourceDraft = Omit<ResourceConfig, "needs" | "triggers">;

/** Makes the resources of one `resource`. */
export function expandResource(work: ExpandWork, placed: PlacedResource): ResourceGroup {
  const { node, scope } = placed;
  const instances = instancesOf(work, scope, node);
  const shape = shapeOf(work, placed);
  const elements = withinBudget(work, placed, instances === undefined ? [undefined] : instances.elements);
  const drafts = elements.map((element) => draft(work, shape, element));
  return {
    placed,
    base: shape.base,
    origin: shape.origin,
    isTemplate: instances !== undefined,
    isOpen: instances?.isOpen ?? false,
    drafts,
    addresses: drafts.map((each) => each.address),
  };
}

/** At most so many resources of a project. */
export const RESOURCE_LIMIT = 1_000_000;

function withinBudget<Element>(
  work: ExpandWork,
  { node, scope }: PlacedResource,
  elements: readonly Element[],
): readonly Element[] {
  if (work.budget.take(elements.length)) return elements;
  work.findings.report(scope.tree, tokenExtent(node.name), {
    code: "E-EXPANSION-LIMIT",
    message: `Split the project: with these ${elements.length} it has more than ${RESOURCE_LIMIT} resources`,
  });
  return [];
}

/** What all instances of a resource have in common. */
interface Shape {
  readonly placed: PlacedResource;
  readonly parts: AddressParts;
  readonly base: Address;
  readonly type: string;
  readonly origin: Origin;
  readonly sections: readonly string[];
  readonly fieldOrigins: ReadonlyMap<string, Origin>;
}

function shapeOf(work: ExpandWork, placed: PlacedResource): Shape {
  const { node, scope, component } = placed;
  const { tree } = scope;
  const local = { kind: resourceKind(tree, node), name: nameText(tree, node.name) };
  const parts = component === undefined ? local : { component: component.name, ...local };
  return {
    placed,
    parts,
    base: formatAddress(parts),
    type: typeText(tree, node.type),
    origin: originOf(tree, node.first),
    sections: sectionNames(work, placed),
    fieldOrigins: new FieldOrigins(tree, node),
  };
}

/** A field that stands directly in the body replaces a section of its name, whichever comes first. */
function sectionNames(work: ExpandWork, { node, scope }: PlacedResource): readonly string[] {
  if (node.sections.length === 0) return [];
  const fields = new Set(node.fields.map((field) => fieldName(scope.tree, field)));
  return node.sections.map((section) => {
    const name = fieldName(scope.tree, section);
    if (fields.has(name)) {
      work.findings.report(scope.tree, tokenExtent(section.name), {
        code: "W-DUP-FIELD",
        message: `Remove the section "${name}": the field of that name replaces it`,
      });
    }
    return name;
  }).filter((name) => !fields.has(name));
}

function draft(work: ExpandWork, shape: Shape, each: EachElement | undefined): ResourceDraft {
  const { node } = shape.placed;
  const scope = each === undefined ? shape.placed.scope : { ...shape.placed.scope, each };
  const parts = each === undefined ? shape.parts : { ...shape.parts, key: each.key };
  const written = {
    fields: bodyOf(work, scope, node),
    sections: shape.sections,
    origins: shape.fieldOrigins,
  };
  const body = applyLayers(work, written, { parts, each });
  return {
    address: each === undefined ? shape.base : formatAddress(parts),
    parts,
    type: shape.type,
    fields: body.fields,
    sections: body.sections,
    annotations: readAnnotations(work, scope, node.annotations),
    origin: shape.origin,
    fieldOrigins: body.origins,
  };
}

function bodyOf(work: ExpandWork, scope: Scope, node: ResourceNode): ValueRecord {
  const body: [string, Value][] = [];
  for (const section of node.sections) {
    body.push([fieldName(scope.tree, section), record(fieldEntries(work, scope, section.fields))]);
  }
  return record([...body, ...fieldEntries(work, scope, node.fields)]);
}

function fieldEntries(
  work: ExpandWork,
  scope: Scope,
  fields: readonly FieldNode[],
): readonly (readonly [string, Value])[] {
  return fields.map((field) => [fieldName(scope.tree, field), evaluate(work, scope, field.value)] as const);
}
