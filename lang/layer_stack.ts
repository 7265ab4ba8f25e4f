import type { AddressParts } from "../engine/address.ts";
import type { Findings } from "./expand_findings.ts";
import type { LayerPattern } from "./layer_pattern.ts";
import { unsetText } from "./syntax_text.ts";
import { type OverrideNode, spanOf, type SyntaxTree, type UnsetNode } from "./syntax_tree.ts";

/** An override of a layer in the chain: it counts for every resource that it means. */
export interface ActiveOverride {
  readonly tree: SyntaxTree;
  readonly node: OverrideNode;
  /** The name of its layer. */
  readonly layer: string;
  readonly means: LayerPattern;
}

/** The overrides that all resources of one expansion are put through, and which of them had something to do. */
export class LayerStack {
  readonly #overrides: readonly ActiveOverride[];
  readonly #met = new Set<OverrideNode | UnsetNode>();

  /** Takes the overrides in the order in which they apply. */
  constructor(overrides: readonly ActiveOverride[]) {
    this.#overrides = overrides;
  }

  /** The overrides that a resource goes through, in order. */
  of(parts: AddressParts): readonly ActiveOverride[] {
    if (this.#overrides.length === 0) return this.#overrides;
    const found = this.#overrides.filter((each) => each.means(parts));
    for (const { node } of found) this.#met.add(node);
    return found;
  }

  /** Notes that an `unset` has removed something. */
  noteRemoval(node: UnsetNode): void {
    this.#met.add(node);
  }

  /** Warns of the overrides that meant no resource, and of what removed nothing; called when all resources are made. */
  reportIdle(findings: Findings): void {
    for (const { tree, node, layer } of this.#overrides) {
      if (!this.#met.has(node)) {
        findings.report(tree, node.pattern, {
          code: "W-OVERRIDE-NO-MATCH",
          message: `The override of ${patternText(tree, node)} in the layer "${layer}" matches no resource`,
        });
        continue;
      }
      for (const unset of node.unsets.filter((each) => !this.#met.has(each))) {
        findings.report(tree, unset, {
          code: "W-OVERRIDE-NO-MATCH",
          message: `"unset ${unsetText(tree, unset)}" in the layer "${layer}" removes nothing`,
        });
      }
    }
  }
}

/** The pattern of an override as it is written. */
export function patternText(tree: SyntaxTree, { pattern }: OverrideNode): string {
  const { start, end } = spanOf(tree, pattern);
  return tree.source.text.slice(start, end);
}
