/** Declarations in canonical form. */
import { unreachable } from "../engine/invariant.ts";
import { compareText } from "../engine/text_order.ts";
import { formatBody, group } from "./format_block.ts";
import { formatNeeds, formatPattern, formatReference } from "./format_reference.ts";
import { formatPlain, formatString, INDENT_STEP } from "./format_string.ts";
import { formatValue, sortByName } from "./format_value.ts";
import { sortNeeds } from "./needs_order.ts";
import { ANNOTATION_NAMES } from "./parse_annotation.ts";
import type {
  AnnotationNode,
  ComponentNode,
  CountNode,
  Declaration,
  FieldNode,
  ForEachNode,
  LayerNode,
  OverrideNode,
  ParamNode,
  ResourceNode,
  SectionNode,
  SyntaxTree,
  TokenIndex,
  UnsetNode,
  UseNode,
} from "./syntax_tree.ts";
import {
  fieldName,
  nameText,
  paramType,
  resourceKind,
  tokenText,
  typeText,
  unsetText,
} from "./syntax_text.ts";

/** The text of a declaration outside all bodies, without a last line end. */
export function formatDeclaration(tree: SyntaxTree, node: Declaration): string {
  const name = (token: TokenIndex): string => formatPlain(nameText(tree, token));
  switch (node.kind) {
    case "resource":
      return formatResource(tree, node, "");
    case "layer":
      return formatLayer(tree, node);
    case "component":
      return formatComponent(tree, node);
    case "use":
      return formatUse(tree, node);
    case "include":
      return `include ${name(node.path)}`;
    case "moved":
      return `moved ${name(node.source)} to ${name(node.target)}`;
    case "removed":
      return `removed ${name(node.address)}`;
    case "import":
      return `import ${name(node.id)} to ${name(node.address)}`;
    case "output":
      return `output ${fieldName(tree, node)} = ${formatReference(tree, node.reference)}`;
    default:
      return unreachable(node);
  }
}

const WORD_REGEXP = /^[\p{Alphabetic}_][\p{Alphabetic}\p{N}_]*$/u;

function formatResource(tree: SyntaxTree, node: ResourceNode, indent: string): string {
  const kind = resourceKind(tree, node);
  // Few letters become something that is no letter in lower case; such a kind stays derived.
  const label = node.label !== undefined || WORD_REGEXP.test(kind) ? `${kind} ` : "";
  const inner = indent + INDENT_STEP;
  return formatBody(tree, {
    head: `resource ${label}${formatPlain(nameText(tree, node.name))} : ${typeText(tree, node.type)}`,
    block: { opener: node.type.last + 1, closer: node.last },
    groups: [
      annotationGroup(tree, node.annotations, inner),
      group(expansions(node), (each) => formatExpansion(tree, each, inner)),
      group(sortNeeds(tree, node.needs), (needs) => formatNeeds(tree, needs), "blank above"),
      ...sectionAndFieldGroups(tree, node, inner),
    ],
  }, indent);
}

function expansions(node: ResourceNode): readonly (ForEachNode | CountNode)[] {
  return [node.forEach, node.count].filter((each) => each !== undefined);
}

function formatExpansion(tree: SyntaxTree, node: ForEachNode | CountNode, indent: string): string {
  return `${node.kind} = ${formatValue(tree, node.value, indent)}`;
}

function annotationGroup(
  tree: SyntaxTree,
  annotations: readonly AnnotationNode[],
  indent: string,
): ReturnType<typeof group> {
  const rank = (node: AnnotationNode): number => ANNOTATION_NAMES.indexOf(tokenText(tree, node.name));
  const sorted = annotations.length < 2 ? annotations : annotations.toSorted((a, b) => rank(a) - rank(b));
  return group(sorted, (node) => {
    return `@${fieldName(tree, node)} ${formatString(tree, node.text, "annotation", indent)}`;
  });
}

function sectionAndFieldGroups(
  tree: SyntaxTree,
  node: { readonly sections: readonly SectionNode[]; readonly fields: readonly FieldNode[] },
  indent: string,
): readonly ReturnType<typeof group>[] {
  return [
    group(sortByName(tree, node.sections), (section) => formatSection(tree, section, indent), "spaced"),
    fieldGroup(tree, node.fields, indent),
  ];
}

function fieldGroup(
  tree: SyntaxTree,
  fields: readonly FieldNode[],
  indent: string,
): ReturnType<typeof group> {
  return group(
    sortByName(tree, fields),
    (field) => `${fieldName(tree, field)} = ${formatValue(tree, field.value, indent)}`,
  );
}

function formatSection(tree: SyntaxTree, node: SectionNode, indent: string): string {
  return formatBody(tree, {
    head: fieldName(tree, node),
    block: { opener: node.name + 1, closer: node.last },
    groups: [fieldGroup(tree, node.fields, indent + INDENT_STEP)],
  }, indent);
}

function formatLayer(tree: SyntaxTree, node: LayerNode): string {
  return formatBody(tree, {
    head: `layer ${formatPlain(nameText(tree, node.name))} over ${formatPlain(nameText(tree, node.base))}`,
    block: { opener: node.base + 1, closer: node.last },
    groups: [
      annotationGroup(tree, node.annotations, INDENT_STEP),
      group(node.overrides, (override) => formatOverride(tree, override, INDENT_STEP), "spaced"),
    ],
  }, "");
}

function formatOverride(tree: SyntaxTree, node: OverrideNode, indent: string): string {
  return formatBody(tree, {
    head: `override ${formatPattern(tree, node.pattern)}`,
    block: { opener: node.pattern.last + 1, closer: node.last },
    groups: [
      group(sortUnsets(tree, node.unsets), (unset) => `unset ${unsetText(tree, unset)}`),
      ...sectionAndFieldGroups(tree, node, indent + INDENT_STEP),
    ],
  }, indent);
}

function sortUnsets(tree: SyntaxTree, unsets: readonly UnsetNode[]): readonly UnsetNode[] {
  return unsets.toSorted((a, b) => compareText(unsetText(tree, a), unsetText(tree, b)));
}

function formatComponent(tree: SyntaxTree, node: ComponentNode): string {
  return formatBody(tree, {
    head: `component ${formatPlain(nameText(tree, node.name))}`,
    block: { opener: node.name + 1, closer: node.last },
    groups: [
      group(node.params, (param) => formatParam(tree, param, INDENT_STEP)),
      annotationGroup(tree, node.annotations, INDENT_STEP),
      group(node.resources, (resource) => formatResource(tree, resource, INDENT_STEP), "spaced"),
    ],
  }, "");
}

function formatParam(tree: SyntaxTree, node: ParamNode, indent: string): string {
  const head = `param ${fieldName(tree, node)} : ${paramType(tree, node)}`;
  return node.default === undefined ? head : `${head} = ${formatValue(tree, node.default, indent)}`;
}

function formatUse(tree: SyntaxTree, node: UseNode): string {
  return formatBody(tree, {
    head: `use ${formatPlain(nameText(tree, node.component))} as ${
      formatPlain(nameText(tree, node.instance))
    }`,
    block: { opener: node.instance + 1, closer: node.last },
    groups: [fieldGroup(tree, node.args, INDENT_STEP)],
  }, "");
}
