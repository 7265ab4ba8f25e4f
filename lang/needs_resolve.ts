import { parseAddress } from "../engine/address.ts";
import type {
  Annotations,
  Need,
  NeedBinding,
  NeedSource,
  ResourceConfig,
  Trigger,
} from "../engine/resource_config.ts";
import { type Extent, originOf, tokenExtent } from "./expand_findings.ts";
import type { ResourceDraft, ResourceGroup } from "./expand_resource.ts";
import type { ExpandWork } from "./expand_scope.ts";
import type { FoundTarget, MissingTarget, NeedsIndex, ReferenceText } from "./needs_index.ts";
import { indexKey, segmentText, tokenText } from "./syntax_text.ts";
import type { BindingNode, NeedsNode, ReferenceNode, SyntaxTree, TokenIndex } from "./syntax_tree.ts";

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
  const needs = group.placed.node.needs.map((node) => resolveNeed(resolving, node));
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

/** What the need of a missing resource is taken for, so that its field counts as bound. */
const NO_TARGET = { addresses: [], many: false } as const;

/** One need; that it names nothing is reported. */
function resolveNeed(resolving: Resolving, node: NeedsNode): Need {
  const { tree } = resolving;
  const reference = referenceText(tree, node.reference);
  const found = reference === undefined
    ? { text: loneSegment(tree, node.reference), why: ": expected kind.name" }
    : find(resolving, reference);
  if ("why" in found) reportMissing(resolving, found, node.reference);
  const { addresses, many } = "why" in found ? NO_TARGET : found;
  return {
    targets: addresses,
    many,
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
  const triggered = annotations.replaceTriggeredBy.length === 0
    ? { needs, triggers: NO_TRIGGERS }
    : resolveTriggers(resolving, annotations, needs);
  return {
    address: draft.address,
    parts: draft.parts,
    type: draft.type,
    fields: draft.fields,
    sections: draft.sections,
    needs: triggered.needs,
    triggers: triggered.triggers,
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
): { readonly triggers: readonly Trigger[]; readonly needs: readonly Need[] } {
  const triggers: Trigger[] = [];
  const allNeeds = [...needs];
  const needed = new Set(allNeeds.flatMap((need) => need.targets));
  for (const [index, text] of annotations.replaceTriggeredBy.entries()) {
    const token = triggerToken(resolving, index);
    const trigger = findTrigger(resolving, text, tokenExtent(token));
    if (trigger === undefined) continue;
    const { found, output } = trigger;
    const origin = originOf(resolving.tree, token);
    triggers.push(...found.addresses.map((address) => ({ address, output, origin })));
    if (!found.addresses.every((address) => needed.has(address))) {
      allNeeds.push(orderOnly(resolving, found));
      found.addresses.forEach((address) => needed.add(address));
    }
  }
  return { triggers, needs: allNeeds };
}

const NO_TRIGGERS: readonly Trigger[] = [];

/** The token of the text of the resource's `index`th `@replace_triggered_by`. */
function triggerToken({ tree, group: { placed } }: Resolving, index: number): TokenIndex {
  const { node } = placed;
  const nodes = node.annotations.filter((each) => tokenText(tree, each.name) === "replace_triggered_by");
  return nodes[index]?.text ?? node.name;
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
  extent: Extent,
): { readonly found: FoundTarget; readonly output: string } | undefined {
  const { work, tree } = resolving;
  const parsed = splitTrigger(text);
  if (parsed === undefined) {
    work.findings.report(tree, extent, {
      code: "E-ANNOTATION",
      message: `Correct "@replace_triggered_by": expected "kind.name.output", found ${JSON.stringify(text)}`,
    });
    return undefined;
  }
  const found = find(resolving, parsed.reference);
  if (!("why" in found)) return { found, output: parsed.output };
  reportMissing(resolving, found, extent);
  return undefined;
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
