/**
 * The tree of a file for programs: declarations and values as objects with one key that names their kind, in source order, and
 * without places and comments. What stands in `secret("…")` is not in it.
 */
import { integer, record, type Value } from "../engine/value.ts";
import { formatPattern } from "./format_reference.ts";
import { referenceJson } from "./tree_json_reference.ts";
import { namedJson, type ShownTree, valueJson } from "./tree_json_value.ts";
import type {
  AnnotationNode,
  ComponentNode,
  CountNode,
  Declaration,
  FieldNode,
  LayerNode,
  NeedsNode,
  ParamNode,
  ResourceNode,
  SectionNode,
  SyntaxTree,
  TokenIndex,
} from "./syntax_tree.ts";
import {
  annotationText,
  bindingText,
  fieldName,
  integerValue,
  nameText,
  paramType,
  resourceKind,
  typeText,
  unsetText,
} from "./syntax_text.ts";

/**
 * The tree as JSON values: `{"declarations": […]}`. Declarations with an error in their form are missing; of what is given to one
 * of `sensitiveNames`, texts and numbers are left out.
 */
export function treeJson(tree: SyntaxTree, sensitiveNames: ReadonlySet<string>): Value {
  const shown = { ...tree, sensitiveNames };
  return object({ declarations: tree.declarations.map((node) => declarationJson(shown, node)) });
}

function declarationJson(tree: ShownTree, node: Declaration): Value {
  const text = (token: TokenIndex): string => nameText(tree, token);
  switch (node.kind) {
    case "resource":
      return object({ Resource: resourceJson(tree, node) });
    case "layer":
      return object({ Layer: layerJson(tree, node) });
    case "component":
      return object({ Component: componentJson(tree, node) });
    case "use":
      return tagged("Use", {
        component: text(node.component),
        instance: text(node.instance),
        args: fieldsJson(tree, node.args),
      });
    case "include":
      return tagged("Include", { path: text(node.path) });
    case "moved":
      return tagged("Moved", { source: text(node.source), target: text(node.target) });
    case "removed":
      return tagged("Removed", { address: text(node.address) });
    case "import":
      return tagged("Import", { id: text(node.id), address: text(node.address) });
    case "output":
      return tagged("Output", { name: text(node.name), source: referenceJson(tree, node.reference) });
  }
}

function resourceJson(tree: ShownTree, node: ResourceNode): Value {
  return object({
    kind: resourceKind(tree, node),
    name: nameText(tree, node.name),
    type_path: object({ segments: typeText(tree, node.type).split(".") }),
    annotations: annotationsJson(tree, node.annotations),
    dependencies: node.needs.map((needs) => needsJson(tree, needs)),
    ...bodyJson(tree, node),
    ...(node.forEach === undefined ? {} : { for_each: valueJson(tree, node.forEach.value) }),
    ...(node.count === undefined ? {} : { count: countJson(tree, node.count) }),
  });
}

/** A plain number, as it is written; else what it is taken from. */
function countJson(tree: ShownTree, { value }: CountNode): Value {
  return value.kind === "integer" ? integer(integerValue(tree, value)) : valueJson(tree, value);
}

function needsJson(tree: ShownTree, node: NeedsNode): Value {
  return object({
    source: referenceJson(tree, node.reference),
    binding: node.binding === undefined ? null : bindingText(tree, node.binding),
  });
}

function layerJson(tree: ShownTree, node: LayerNode): Value {
  return object({
    name: nameText(tree, node.name),
    base: nameText(tree, node.base),
    annotations: annotationsJson(tree, node.annotations),
    overrides: node.overrides.map((override) =>
      object({
        pattern: formatPattern(tree, override.pattern),
        ...(override.unsets.length === 0
          ? {}
          : { unsets: override.unsets.map((unset) => unsetText(tree, unset)) }),
        ...bodyJson(tree, override),
      })
    ),
  });
}

function componentJson(tree: ShownTree, node: ComponentNode): Value {
  return object({
    name: nameText(tree, node.name),
    params: node.params.map((param) => paramJson(tree, param)),
    annotations: annotationsJson(tree, node.annotations),
    resources: node.resources.map((resource) => resourceJson(tree, resource)),
  });
}

function paramJson(tree: ShownTree, node: ParamNode): Value {
  const name = fieldName(tree, node);
  return object({
    name,
    param_type: paramType(tree, node),
    default: node.default === undefined ? null : namedJson(tree, name, node.default),
  });
}

function annotationsJson(tree: ShownTree, annotations: readonly AnnotationNode[]): Value {
  return annotations.map((node) =>
    object({ kind: pascalCase(fieldName(tree, node)), value: annotationText(tree, node) })
  );
}

function bodyJson(
  tree: ShownTree,
  node: { readonly sections: readonly SectionNode[]; readonly fields: readonly FieldNode[] },
): { readonly sections: Value; readonly fields: Value } {
  return {
    sections: node.sections.map((section) =>
      object({ name: fieldName(tree, section), fields: fieldsJson(tree, section.fields) })
    ),
    fields: fieldsJson(tree, node.fields),
  };
}

function fieldsJson(tree: ShownTree, fields: readonly FieldNode[]): Value {
  return fields.map((field) => {
    const name = fieldName(tree, field);
    return object({ name, value: namedJson(tree, name, field.value) });
  });
}

/** `ignore_changes` as `IgnoreChanges`. */
function pascalCase(name: string): string {
  return name.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function tagged(tag: string, fields: { readonly [name: string]: Value }): Value {
  return object({ [tag]: object(fields) });
}

function object(fields: { readonly [name: string]: Value }): Value {
  return record(Object.entries(fields));
}
