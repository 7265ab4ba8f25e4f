/** Where secrets stand in the files, in words: what a ciphertext is bound to, so that it opens there and nowhere else. */
import { fieldName, nameText, resourceKind, tokenText } from "./syntax_text.ts";
import { formatPattern } from "./format_reference.ts";
import type {
  ComponentNode,
  Declaration,
  FieldNode,
  LayerNode,
  ResourceNode,
  SecretNode,
  SectionNode,
  SyntaxTree,
  UseNode,
  ValueNode,
} from "./syntax_tree.ts";

/** A `secret("…")`, and its place. */
export interface PlacedSecret {
  readonly node: SecretNode;
  readonly place: string;
}

/**
 * Every `secret("…")` of a file with its place: `kind.name.section.field` in a resource, `use INSTANCE.argument`,
 * `component NAME.parameter`, `component NAME kind.name.field`, `layer NAME pattern.field`. A key of a record follows behind a
 * point, a position in a list in brackets.
 */
export function* secretPlaces(tree: SyntaxTree): Generator<PlacedSecret> {
  for (const node of tree.declarations) yield* inDeclaration(tree, node);
}

/** Finds the places of secrets; each file is gone through once, when a place in it is first asked for. */
export class SecretPlaces {
  readonly #known = new Map<SyntaxTree, ReadonlyMap<SecretNode, string>>();

  of(tree: SyntaxTree, node: SecretNode): string {
    const known = this.#known.get(tree) ??
      new Map(Array.from(secretPlaces(tree), (each) => [each.node, each.place] as const));
    this.#known.set(tree, known);
    return known.get(node) ?? "";
  }
}

function* inDeclaration(tree: SyntaxTree, node: Declaration): Generator<PlacedSecret> {
  switch (node.kind) {
    case "resource":
      return yield* inResource(tree, node, "");
    case "component":
      return yield* inComponent(tree, node);
    case "use":
      return yield* inUse(tree, node);
    case "layer":
      return yield* inLayer(tree, node);
    default:
  }
}

function* inResource(tree: SyntaxTree, node: ResourceNode, before: string): Generator<PlacedSecret> {
  const place = `${before}${resourceKind(tree, node)}.${nameText(tree, node.name)}`;
  if (node.forEach !== undefined) yield* inValue(tree, node.forEach.value, `${place}.for_each`);
  yield* inBody(tree, node, place);
}

function* inComponent(tree: SyntaxTree, node: ComponentNode): Generator<PlacedSecret> {
  const place = `component ${nameText(tree, node.name)}`;
  for (const param of node.params) {
    if (param.default !== undefined) {
      yield* inValue(tree, param.default, `${place}.${fieldName(tree, param)}`);
    }
  }
  for (const resource of node.resources) yield* inResource(tree, resource, `${place} `);
}

function* inUse(tree: SyntaxTree, node: UseNode): Generator<PlacedSecret> {
  yield* inFields(tree, node.args, `use ${nameText(tree, node.instance)}`);
}

function* inLayer(tree: SyntaxTree, node: LayerNode): Generator<PlacedSecret> {
  for (const override of node.overrides) {
    const pattern = formatPattern(tree, override.pattern);
    yield* inBody(tree, override, `layer ${nameText(tree, node.name)} ${pattern}`);
  }
}

function* inBody(
  tree: SyntaxTree,
  body: { readonly sections: readonly SectionNode[]; readonly fields: readonly FieldNode[] },
  place: string,
): Generator<PlacedSecret> {
  yield* inFields(tree, body.fields, place);
  for (const section of body.sections) {
    yield* inFields(tree, section.fields, `${place}.${tokenText(tree, section.name)}`);
  }
}

function* inFields(
  tree: SyntaxTree,
  fields: readonly Pick<FieldNode, "name" | "value">[],
  place: string,
): Generator<PlacedSecret> {
  for (const field of fields) yield* inValue(tree, field.value, `${place}.${fieldName(tree, field)}`);
}

function* inValue(tree: SyntaxTree, value: ValueNode, place: string): Generator<PlacedSecret> {
  switch (value.kind) {
    case "secret":
      return yield { node: value, place };
    case "array":
      for (const [index, item] of value.items.entries()) yield* inValue(tree, item, `${place}[${index}]`);
      return;
    case "record":
      return yield* inFields(tree, value.entries, place);
    default:
  }
}
