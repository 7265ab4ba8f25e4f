import type { AddressParts } from "../engine/address.ts";
import { nearName } from "../engine/near_name.ts";
import type { Findings } from "./expand_findings.ts";
import { didYouMean } from "./expand_scope.ts";
import { kindText, type LayerPattern, nameWithKey } from "./layer_pattern.ts";
import { tokenText, unsetText } from "./syntax_text.ts";
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
  readonly #seen: AddressParts[] = [];
  /** For an `unset` that did not find its name, the names that it could have meant. */
  readonly #missed = new Map<UnsetNode, readonly string[]>();

  /** Takes the overrides in the order in which they apply. */
  constructor(overrides: readonly ActiveOverride[]) {
    this.#overrides = overrides;
  }

  /** The overrides that a resource goes through, in order. */
  of(parts: AddressParts): readonly ActiveOverride[] {
    if (this.#overrides.length === 0) return this.#overrides;
    const found = this.#overrides.filter((each) => each.means(parts));
    for (const { node } of found) this.#met.add(node);
    this.#seen.push(parts);
    return found;
  }

  /** Notes that an `unset` has removed something. */
  noteRemoval(node: UnsetNode): void {
    this.#met.add(node);
  }

  /** Notes that an `unset` has found only `names` where it looked. */
  noteMiss(node: UnsetNode, names: readonly string[]): void {
    this.#missed.set(node, names);
  }

  /** Warns of the overrides that meant no resource, and of what removed nothing; called when all resources are made. */
  reportIdle(findings: Findings): void {
    for (const { tree, node, layer } of this.#overrides) {
      if (!this.#met.has(node)) {
        this.#reportUnmatched(findings, { tree, node, layer });
        continue;
      }
      for (const unset of node.unsets.filter((each) => !this.#met.has(each))) {
        findings.report(tree, unset, {
          code: "W-OVERRIDE-NO-MATCH",
          message: `"unset ${unsetText(tree, unset)}" in the layer "${layer}" removes nothing${
            didYouMean(tokenText(tree, unset.name), this.#missed.get(unset) ?? [])
          }`,
        });
      }
    }
  }

  #reportUnmatched(findings: Findings, { tree, node, layer }: Omit<ActiveOverride, "means">): void {
    const pattern = patternText(tree, node);
    const known = this.#patterns();
    const near = nearName(pattern, known);
    const isPlain = near !== undefined && !near.includes('"');
    findings.report(tree, node.pattern, {
      code: "W-OVERRIDE-NO-MATCH",
      message: `The override of ${pattern} in the layer "${layer}" matches no resource${
        isPlain ? `: did you mean "${near}"?` : ""
      }`,
      hint: near === undefined ? scopedHint(pattern, known) : isPlain ? undefined : `did you mean ${near}?`,
    });
  }

  /** What patterns could have meant: `kind.*`, `kind.name` and `kind."name[key]"` of each resource. */
  #patterns(): ReadonlySet<string> {
    return new Set(this.#seen.flatMap((parts) => {
      const kind = kindText(parts);
      const keyed = parts.key === undefined ? [] : [`${kind}.${JSON.stringify(nameWithKey(parts))}`];
      return [`${kind}.*`, `${kind}.${parts.name}`, ...keyed];
    }));
  }
}

/** Where only resources inside components are of the kind: how those are named. */
function scopedHint(pattern: string, known: ReadonlySet<string>): string | undefined {
  const scoped = [...known].find((each) => each.endsWith(`__${pattern}`));
  return scoped === undefined
    ? undefined
    : `resources inside a component are of the kind instance__kind: write ${scoped}`;
}

/** The pattern of an override as it is written. */
export function patternText(tree: SyntaxTree, { pattern }: OverrideNode): string {
  const { start, end } = spanOf(tree, pattern);
  return tree.source.text.slice(start, end);
}
