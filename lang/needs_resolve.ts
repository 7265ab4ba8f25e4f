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
  const resolving: Resolving = { work, index, group, tree: group.placed.scope.tree, neededGroups: [] };
  const needs: Need[] = [];
  for (const node of group.placed.node.needs) {
    const need = resolveNeed(resolving, node);
    if (need !== undefined) needs.push(need);
  }
  const resources = group.drafts.map((draft) => finish(resolving, draft, needs));
  return { group, resources, neededGroups: resolving.neededGroups };
}

/** The work on one group. */
interface Resolving {
  readonly work: ExpandWork;
  readonly index: NeedsIndex;
  readonly group: ResourceGroup;
  readonly tree: SyntaxTree;
  /** Grows as needs are resolved. */
  readonly neededGroups: ResourceGroup[];
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

/** One need; `undefined` when it names nothing, which is then reported. */
function resolveNeed(resolving: Resolving, node: NeedsNode): Need | undefined {
  const { tree } = resolving;
  const reference = referenceText(tree, node.reference);
  const found = reference === undefined
    ? { text: loneSegment(tree, node.reference), why: ": expected kind.name" }
    : find(resolving, reference);
  if ("why" in found) {
    reportMissing(resolving, found, node.reference);
    return undefined;
  }
  return {
    targets: found.addresses,
    many: found.many,
    source: sourceOf(tree, node),
    binding: node.binding === undefined ? undefined : bindingOf(tree, node.binding),
    origin: originOf(tree, node.first),
  };
}

function loneSegment(tree: SyntaxTree, { target }: ReferenceNode): string {
  return target.map((segment) => segmentText(tree, segment)).join(".");
}

function find(
  { index, group, neededGroups }: Resolving,
  reference: ReferenceText,
): FoundTarget | MissingTarget {
  const found = index.find(reference, group);
  if ("groups" in found) neededGroups.push(...found.groups);
  return found;
}

function finish(resolving: Resolving, draft: ResourceDraft, needs: readonly Need[]): ResourceConfig {
  const { annotations } = draft;
  if (annotations.replaceTriggeredBy.length > 0) {
    return { ...draft, ...resolveTriggers(resolving, annotations, needs) };
  }
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

/** A trigger orders too: its target must be done before one can tell whether it changed. */
function resolveTriggers(
  resolving: Resolving,
  annotations: Annotations,
  needs: readonly Need[],
): { readonly annotations: Annotations; readonly needs: readonly Need[] } {
  const replaceTriggeredBy: string[] = [];
  const allNeeds = [...needs];
  const needed = new Set(allNeeds.flatMap((need) => need.targets));
  for (const text of annotations.replaceTriggeredBy) {
    const trigger = findTrigger(resolving, text);
    if (trigger === undefined) continue;
    const { found, output } = trigger;
    replaceTriggeredBy.push(...found.addresses.map((address) => `${address}.${output}`));
    if (!found.addresses.every((address) => needed.has(address))) {
      allNeeds.push(orderOnly(resolving, found));
      found.addresses.forEach((address) => needed.add(address));
    }
  }
  return { annotations: { ...annotations, replaceTriggeredBy }, needs: allNeeds };
}

function orderOnly({ group }: Resolving, found: FoundTarget): Need {
  return {
    targets: found.addresses,
    many: found.many,
    source: { kind: "order" },
    binding: undefined,
    origin: group.origin,
  };
}

function findTrigger(
  resolving: Resolving,
  text: string,
): { readonly found: FoundTarget; readonly output: string } | undefined {
  const { work, tree, group } = resolving;
  const parsed = splitTrigger(text);
  if (parsed === undefined) {
    work.findings.report(tree, triggerExtent(tree, group), {
      code: "E-ANNOTATION",
      message: `Correct "@replace_triggered_by": expected "kind.name.output", found ${JSON.stringify(text)}`,
    });
    return undefined;
  }
  const found = find(resolving, parsed.reference);
  if (!("why" in found)) return { found, output: parsed.output };
  reportMissing(resolving, found, triggerExtent(tree, group));
  return undefined;
}

function triggerExtent(tree: SyntaxTree, { placed }: ResourceGroup): Extent {
  const node = placed.node.annotations.find((each) => tokenText(tree, each.name) === "replace_triggered_by");
  return node === undefined ? placed.node : tokenExtent(node.text);
}

function reportMissing({ work, tree, group }: Resolving, missing: MissingTarget, extent: Extent): void {
  work.findings.report(tree, extent, {
    code: "E-UNKNOWN-DEP",
    message: `Unknown dependency "${missing.text}" in "${group.base}"${missing.why}`,
  });
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
