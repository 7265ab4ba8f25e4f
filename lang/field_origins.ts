import type { Origin } from "../engine/resource_config.ts";
import { originOf } from "./expand_findings.ts";
import { fieldName } from "./syntax_text.ts";
import type { ResourceNode, SyntaxTree } from "./syntax_tree.ts";

/**
 * Where the fields of one resource are written, by `field` or `section.field`; looked up in the tree when somebody asks first.
 * Only messages about mistakes do, and to remember it of every field would cost a tenth of an expansion.
 */
export class FieldOrigins implements ReadonlyMap<string, Origin> {
  readonly #tree: SyntaxTree;
  readonly #node: ResourceNode;
  #found: ReadonlyMap<string, Origin> | undefined;

  constructor(tree: SyntaxTree, node: ResourceNode) {
    this.#tree = tree;
    this.#node = node;
  }

  get size(): number {
    return this.#all().size;
  }

  get(path: string): Origin | undefined {
    return this.#all().get(path);
  }

  has(path: string): boolean {
    return this.#all().has(path);
  }

  keys(): MapIterator<string> {
    return this.#all().keys();
  }

  values(): MapIterator<Origin> {
    return this.#all().values();
  }

  entries(): MapIterator<[string, Origin]> {
    return this.#all().entries();
  }

  [Symbol.iterator](): MapIterator<[string, Origin]> {
    return this.entries();
  }

  forEach(call: (origin: Origin, path: string, map: ReadonlyMap<string, Origin>) => void): void {
    this.#all().forEach(call);
  }

  #all(): ReadonlyMap<string, Origin> {
    this.#found ??= findOrigins(this.#tree, this.#node);
    return this.#found;
  }
}

function findOrigins(tree: SyntaxTree, node: ResourceNode): ReadonlyMap<string, Origin> {
  const origins = new Map<string, Origin>();
  for (const section of node.sections) {
    const sectionName = fieldName(tree, section);
    origins.set(sectionName, originOf(tree, section.name));
    for (const field of section.fields) {
      origins.set(`${sectionName}.${fieldName(tree, field)}`, originOf(tree, field.name));
    }
  }
  for (const field of node.fields) origins.set(fieldName(tree, field), originOf(tree, field.name));
  for (const name of ["ignore_changes", "constraint"]) {
    const named = node.annotations.filter((each) => fieldName(tree, each) === name);
    named.forEach((each, index) => origins.set(`@${name} ${index}`, originOf(tree, each.first)));
  }
  return origins;
}
