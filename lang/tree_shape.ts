/**
 * What a tree says, as plain values: without places, comments and ways of writing, and with sorted what has no order. Two
 * files say the same exactly when their shapes are equal.
 */
import { equalValues, record, type Value } from "../engine/value.ts";
import { formatDecimal } from "./format_number.ts";
import { formatNeeds, formatPattern, formatReference } from "./format_reference.ts";
import { sortByName } from "./format_value.ts";
import { compareText } from "../engine/text_order.ts";
import type { StringPart, StringPlace } from "./string_parts.ts";
import type {
  AnnotationNode,
  Declaration,
  FieldNode,
  NeedsNode,
  ResourceNode,
  SectionNode,
  SyntaxTree,
  TokenIndex,
  ValueNode,
} from "./syntax_tree.ts";
import {
  annotationParts,
  bindingText,
  decimalValue,
  eachPath,
  fieldName,
  integerValue,
  nameText,
  paramType,
  resourceKind,
  stringParts,
  typeText,
  unsetText,
} from "./syntax_text.ts";

/** The shape of a whole file: one value a declaration, in source order. */
export function treeShape(tree: SyntaxTree): Value {
  return tree.declarations.map((node) => declarationShape(tree, node));
}

/** Whether two files say the same. Only the shapes of two declarations are held at a time. */
export function saysTheSame(left: SyntaxTree, right: SyntaxTree): boolean {
  return left.declarations.length === right.declarations.length &&
    left.declarations.every((node, index) => {
      const other = right.declarations[index];
      return other !== undefined && equalValues(declarationShape(left, node), declarationShape(right, other));
    });
}

function declarationShape(tree: SyntaxTree, node: Declaration): Value {
  const text = (token: TokenIndex): string => nameText(tree, token);
  switch (node.kind) {
    case "resource":
      return resourceShape(tree, node);
    case "layer":
      return shape(node.kind, {
        name: text(node.name),
        base: text(node.base),
        annotations: annotationShapes(tree, node.annotations),
        overrides: node.overrides.map((override) =>
          shape(formatPattern(tree, override.pattern), {
            unsets: override.unsets.map((unset) => unsetText(tree, unset)).toSorted(compareText),
            ...bodyShapes(tree, override),
          })
        ),
      });
    case "component":
      return shape(node.kind, {
        name: text(node.name),
        params: node.params.map((param) => [
          fieldName(tree, param),
          paramType(tree, param),
          param.default === undefined ? null : valueShape(tree, param.default),
        ]),
        annotations: annotationShapes(tree, node.annotations),
        resources: node.resources.map((resource) => resourceShape(tree, resource)),
      });
    case "use":
      return shape(node.kind, {
        component: text(node.component),
        instance: text(node.instance),
        args: fieldShapes(tree, node.args),
      });
    case "include":
      return shape(node.kind, { path: text(node.path) });
    case "moved":
      return shape(node.kind, { source: text(node.source), target: text(node.target) });
    case "removed":
      return shape(node.kind, { address: text(node.address) });
    case "import":
      return shape(node.kind, { id: text(node.id), address: text(node.address) });
    case "output":
      return shape(node.kind, { name: text(node.name), reference: formatReference(tree, node.reference) });
  }
}

function shape(kind: string, fields: { readonly [name: string]: Value }): Value {
  return record([[kind, record(Object.entries(fields))]]);
}

function resourceShape(tree: SyntaxTree, node: ResourceNode): Value {
  return shape(node.kind, {
    kind: resourceKind(tree, node),
    name: nameText(tree, node.name),
    type: typeText(tree, node.type),
    annotations: annotationShapes(tree, node.annotations),
    for_each: node.forEach === undefined ? null : valueShape(tree, node.forEach.value),
    count: node.count === undefined ? null : valueShape(tree, node.count.value),
    needs: node.needs.map((needs) => formatNeeds(tree, needs)).toSorted(compareText),
    bound: boundShapes(tree, node.needs),
    ...bodyShapes(tree, node),
  });
}

/** What goes to each place, in the order of the file: a list has its elements in it. */
function boundShapes(tree: SyntaxTree, needs: readonly NeedsNode[]): Value {
  const bound = needs.flatMap(({ reference, binding }) =>
    binding === undefined
      ? []
      : [{ place: bindingText(tree, binding), source: formatReference(tree, reference) }]
  );
  const places = Map.groupBy(bound, (each) => each.place);
  return record([...places].map(([place, sources]) => [place, sources.map((each) => each.source)]));
}

function bodyShapes(
  tree: SyntaxTree,
  node: { readonly sections: readonly SectionNode[]; readonly fields: readonly FieldNode[] },
): { readonly sections: Value; readonly fields: Value } {
  return {
    sections: sortByName(tree, node.sections)
      .map((section) => [fieldName(tree, section), fieldShapes(tree, section.fields)]),
    fields: fieldShapes(tree, node.fields),
  };
}

/** Texts of one annotation keep their order. */
function annotationShapes(tree: SyntaxTree, annotations: readonly AnnotationNode[]): Value {
  return sortByName(tree, annotations).map((node) => [
    fieldName(tree, node),
    partShapes(annotationParts(tree, node), "annotation"),
  ]);
}

/** Fields, arguments, or entries: equal names keep their order, since the last one counts. */
function fieldShapes(
  tree: SyntaxTree,
  fields: readonly { readonly name: TokenIndex; readonly value: ValueNode }[],
): Value {
  return sortByName(tree, fields).map((field) => [fieldName(tree, field), valueShape(tree, field.value)]);
}

function valueShape(tree: SyntaxTree, value: ValueNode): Value {
  switch (value.kind) {
    case "string":
      return partShapes(stringParts(tree, value), "value");
    case "integer":
      return shape(value.kind, { value: integerValue(tree, value) });
    case "decimal":
      return shape(value.kind, { value: formatDecimal(decimalValue(tree, value)) });
    case "boolean":
      return value.value;
    case "array":
      return value.items.map((item) => valueShape(tree, item));
    case "record":
      return shape(value.kind, { entries: fieldShapes(tree, value.entries) });
    case "secret":
      return shape(value.kind, { text: nameText(tree, value.text) });
    case "secret_source":
      return shape(value.kind, { from: value.from, args: value.args.map((arg) => nameText(tree, arg)) });
    case "env":
      return shape(value.kind, {
        name: nameText(tree, value.name),
        default: value.default === undefined ? null : nameText(tree, value.default),
      });
    case "param_ref":
    case "var_ref":
      return shape(value.kind, { name: fieldName(tree, value) });
    case "each_ref":
      return shape(value.kind, { of: value.of, path: eachPath(tree, value) });
  }
}

/** In an annotation an expression may stay text, so that its white space counts. */
function partShapes(parts: readonly StringPart[], place: StringPlace): Value {
  return shape("string", {
    parts: parts.map(({ span: _, ...part }) => {
      const entries = Object.entries(part).filter(([name]) => name !== "inner" || place === "annotation");
      return record(entries.map(([name, value]) => [name, value ?? null]));
    }),
  });
}
