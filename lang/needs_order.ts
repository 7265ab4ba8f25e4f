import { compareText } from "../engine/text_order.ts";
import { formatReference } from "./format_reference.ts";
import { bindingText } from "./syntax_text.ts";
import type { NeedsNode, SyntaxTree } from "./syntax_tree.ts";

/** A need, and the texts that it is sorted by. */
interface SortedNeed {
  readonly node: NeedsNode;
  readonly source: string;
  /** `""` where only the order of resources counts. */
  readonly binding: string;
}

/**
 * Needs in canonical order: by the text of the source, then of the binding. Those that may go to one list keep their order
 * among each other, since it is that of its elements: they share out the places that they have in the sorted order.
 */
export function sortNeeds(tree: SyntaxTree, needs: readonly NeedsNode[]): readonly NeedsNode[] {
  if (needs.length < 2) return needs;
  const written = needs.map((node): SortedNeed => ({
    node,
    source: formatReference(tree, node.reference),
    binding: node.binding === undefined ? "" : bindingText(tree, node.binding),
  }));
  const bareNames = new Set(written.map((each) => each.binding));
  const waiting = Map.groupBy(written, (each) => placeName(each, bareNames));
  const next = new Map<string, number>();
  return written
    .toSorted((a, b) => compareText(a.source, b.source) || compareText(a.binding, b.binding))
    .map((sorted) => {
      const place = placeName(sorted, bareNames);
      const queue = place === "" ? undefined : waiting.get(place);
      if (queue === undefined) return sorted.node;
      const taken = next.get(place) ?? 0;
      next.set(place, taken + 1);
      return (queue[taken] ?? sorted).node;
    });
}

/** What a binding and all others that may mean the same place have in common: a bare name may mean a field of any section. */
function placeName({ binding }: SortedNeed, bareNames: ReadonlySet<string>): string {
  const field = binding.slice(binding.indexOf(".") + 1);
  return bareNames.has(field) ? field : binding;
}
