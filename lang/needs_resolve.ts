import { parseAddress } from "../engine/address.ts";
import type {
  Annotations,
  Need,
  NeedBinding,
  NeedSource,
  ResourceConfig,
} from "../engine/resource_config.ts";
import { type Extent, originOf, tokenExtent } from "./expand_findings.ts";
import type { ResourceDraft, ResourceGroup } from "./expand_resource.ts";
import type { ExpandWork } from "./expand_scope.ts";
import type { FoundTarget, MissingTarget, NeedsIndex, ReferenceText } from "./needs_index.ts";
import { indexKey, segmentText, tokenText } from "./syntax_text.ts";
import type { BindingNode, NeedsNode, ReferenceNode, SyntaxTree } from "./syntax_tree.ts";

/** A group with its needs in place. */
export interface ResolvedGroup {
  readonly group: ResourceGroup;
  readonly resources: readonly ResourceConfig[];
  /** The groups that any resource of this one needs, for the search for cycles. */
  readonly neededGroups: readonly ResourceGroup[];
}

/** Resolves the `needs` of a group, and what its `@replace_triggered_by` name. */
export function resolveNeeds(work: ExpandWork, index: NeedsIndex, group: ResourceGroup): ResolvedGroup {
  const resolver = new Resolver(work, index, group);
  const { node } = group.placed;
  const needs = node.needs.flatMap((need) => resolver.resolve(need));
  const resources = group.drafts.map((draft) => resolver.finish(draft, needs));
  return { group, resources, neededGroups: [...resolver.neededGroups] };
}

/** The parts of a reference; `undefined` for a lone segment, which names nothing. */
export function referenceText(tree: SyntaxTree, node: ReferenceNode): ReferenceText | undefined {
  const [kind, name] = node.target;
  if (kind === undefined || name === undefined) return undefined;
  return {
    kind: segmentText(tree, kind),
    name: segmentText(tree, name),
    key: node.index === undefined ? undefined : indexKey(tree, node.index),
    all: node.index?.all ?? false,
  };
}

class Resolver {
  readonly neededGroups = new Set<ResourceGroup>();
  readonly #work: ExpandWork;
  readonly #index: NeedsIndex;
  readonly #group: ResourceGroup;
  readonly #tree: SyntaxTree;

  constructor(work: ExpandWork, index: NeedsIndex, group: ResourceGroup) {
    this.#work = work;
    this.#index = index;
    this.#group = group;
    this.#tree = group.placed.scope.tree;
  }

  /** One need, or none when it names nothing, which is then reported. */
  resolve(node: NeedsNode): readonly Need[] {
    const reference = referenceText(this.#tree, node.reference);
    const found = reference === undefined
      ? { text: this.#loneSegment(node.reference), why: ": expected kind.name" }
      : this.#find(reference);
    if ("why" in found) {
      this.#reportMissing(found, node.reference);
      return [];
    }
    const need: Need = {
      targets: found.addresses,
      many: found.many,
      source: sourceOf(this.#tree, node),
      binding: node.binding === undefined ? undefined : bindingOf(this.#tree, node.binding),
      origin: originOf(this.#tree, node.first),
    };
    return [need];
  }

  #loneSegment({ target }: ReferenceNode): string {
    return target.map((segment) => segmentText(this.#tree, segment)).join(".");
  }

  finish(draft: ResourceDraft, needs: readonly Need[]): ResourceConfig {
    const { annotations } = draft;
    if (annotations.replaceTriggeredBy.length === 0) {
      return {
        address: draft.address,
        parts: draft.parts,
        type: draft.type,
        fields: draft.fields,
        sections: draft.sections,
        needs,
        annotations,
        origin: draft.origin,
        fieldOrigins: draft.fieldOrigins,
      };
    }
    return { ...draft, ...this.#resolveTriggers(annotations, needs) };
  }

  /** A trigger orders too: its target must be done before one can tell whether it changed. */
  #resolveTriggers(
    annotations: Annotations,
    needs: readonly Need[],
  ): { readonly annotations: Annotations; readonly needs: readonly Need[] } {
    const replaceTriggeredBy: string[] = [];
    const allNeeds = [...needs];
    for (const text of annotations.replaceTriggeredBy) {
      const trigger = this.#findTrigger(text);
      if (trigger === undefined) continue;
      const { found, output } = trigger;
      replaceTriggeredBy.push(...found.addresses.map((address) => `${address}.${output}`));
      const isNeeded = found.addresses.every((address) =>
        allNeeds.some((need) => need.targets.includes(address))
      );
      if (!isNeeded) {
        allNeeds.push({
          targets: found.addresses,
          many: found.many,
          source: { kind: "order" },
          binding: undefined,
          origin: this.#group.origin,
        });
      }
    }
    return { annotations: { ...annotations, replaceTriggeredBy }, needs: allNeeds };
  }

  #findTrigger(text: string): { readonly found: FoundTarget; readonly output: string } | undefined {
    const parsed = splitTrigger(text);
    if (parsed === undefined) {
      this.#work.findings.report(this.#tree, this.#triggerExtent(), {
        code: "E-ANNOTATION",
        message: `Correct "@replace_triggered_by": expected "kind.name.output", found ${
          JSON.stringify(text)
        }`,
      });
      return undefined;
    }
    const found = this.#find(parsed.reference);
    if (!("why" in found)) return { found, output: parsed.output };
    this.#reportMissing(found, this.#triggerExtent());
    return undefined;
  }

  #triggerExtent(): Extent {
    const node = this.#group.placed.node.annotations.find((each) =>
      tokenText(this.#tree, each.name) === "replace_triggered_by"
    );
    return node === undefined ? this.#group.placed.node : tokenExtent(node.text);
  }

  #find(reference: ReferenceText): FoundTarget | MissingTarget {
    const found = this.#index.find(reference, this.#group);
    if ("groups" in found) found.groups.forEach((group) => this.neededGroups.add(group));
    return found;
  }

  #reportMissing(missing: MissingTarget, extent: Extent): void {
    this.#work.findings.report(this.#tree, extent, {
      code: "E-UNKNOWN-DEP",
      message: `Unknown dependency "${missing.text}" in "${this.#group.base}"${missing.why}`,
    });
  }
}

/** Splits `kind.name[key].output` where an address ends; the shortest address counts. */
function splitTrigger(
  text: string,
): { readonly reference: ReferenceText; readonly output: string } | undefined {
  for (let dot = text.indexOf("."); dot !== -1; dot = text.indexOf(".", dot + 1)) {
    const all = text.slice(0, dot).endsWith("[*]");
    const address = parseAddress(all ? text.slice(0, dot - 3) : text.slice(0, dot));
    if (address === undefined || dot + 1 === text.length) continue;
    const { kind, name, key } = address.parts;
    return { reference: { kind, name, key, all }, output: text.slice(dot + 1) };
  }
  return undefined;
}

function sourceOf(tree: SyntaxTree, node: NeedsNode): NeedSource {
  if (node.binding === undefined) return { kind: "order" };
  const { output } = node.reference;
  if (output.length === 0) return { kind: "id" };
  return { kind: "output", name: output.map((segment) => segmentText(tree, segment)).join(".") };
}

function bindingOf(tree: SyntaxTree, node: BindingNode): NeedBinding {
  const field = tokenText(tree, node.field);
  if (node.section === undefined) return { kind: "name", field };
  return { kind: "path", path: { section: tokenText(tree, node.section), field } };
}
