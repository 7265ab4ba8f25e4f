import { compareText } from "../engine/text_order.ts";
import { isList, isRecord, Unknown, type Value } from "../engine/value.ts";
import type { Extent } from "./expand_findings.ts";
import type { EachElement, ExpandWork, Scope } from "./expand_scope.ts";
import { evaluate } from "./expand_value.ts";
import { elementKey } from "./instance_key.ts";
import { fieldName } from "./syntax_text.ts";
import type { ArrayNode, RecordNode, ResourceNode, SyntaxTree, ValueNode } from "./syntax_tree.ts";

/** At most so many instances of one `for_each` or `count`. */
export const INSTANCE_LIMIT = 10_000;

/** What `for_each` or `count` makes of a resource. */
export interface Instances {
  readonly elements: readonly EachElement[];
  /** Whether the elements are known only by example, since a parameter that decides them is not known. */
  readonly isOpen: boolean;
}

const NO_INSTANCES: Instances = { elements: [], isOpen: false };
const OPEN_INSTANCES: Instances = {
  elements: [{ key: "0", index: 0, value: new Unknown("each.value") }],
  isOpen: true,
};

/** The instances of a resource in `scope`; `undefined` for one with neither `for_each` nor `count`. The parser refuses both. */
export function instancesOf(work: ExpandWork, scope: Scope, node: ResourceNode): Instances | undefined {
  const { forEach, count } = node;
  if (forEach !== undefined) return forEachInstances(work, scope, forEach.value);
  return count === undefined ? undefined : countInstances(work, scope, count.value);
}

function countInstances(work: ExpandWork, scope: Scope, node: ValueNode): Instances {
  const count = evaluate(work, scope, node);
  if (count instanceof Unknown) return OPEN_INSTANCES;
  if ((typeof count !== "number" && typeof count !== "bigint") || !isWhole(count)) {
    if (count === null) return NO_INSTANCES;
    work.findings.report(scope.tree, node, {
      code: "E-COUNT-VALUE",
      message: `Correct "count": expected a whole number from 0, found ${shortForm(count)}`,
    });
    return NO_INSTANCES;
  }
  if (exceedsLimit(work, scope, { size: count, what: "count", extent: node })) return NO_INSTANCES;
  const elements = Array.from({ length: Number(count) }, (_, index) => ({
    key: String(index),
    index,
    value: index,
  }));
  return { elements, isOpen: false };
}

function isWhole(count: number | bigint): boolean {
  return count >= 0 && (typeof count === "bigint" || Number.isInteger(count));
}

function forEachInstances(work: ExpandWork, scope: Scope, node: ValueNode): Instances {
  if (node.kind === "array") return arrayInstances(work, scope, node);
  if (node.kind === "record") return recordInstances(work, scope, node);
  if (node.kind === "param_ref") return paramInstances(work, scope, node);
  return refuseForEach(work, scope, node, evaluate(work, scope, node));
}

/** A parameter's list is looked at where its argument is written, since keys depend on how an element is written. */
function paramInstances(
  work: ExpandWork,
  scope: Scope,
  node: Extract<ValueNode, { readonly kind: "param_ref" }>,
): Instances {
  const argument = scope.params?.get(fieldName(scope.tree, node));
  const value = evaluate(work, scope, node);
  if (value instanceof Unknown) return OPEN_INSTANCES;
  const written = argument?.written;
  const isExpandable = written?.node.kind === "array" || written?.node.kind === "record";
  if (written === undefined || !isExpandable) return refuseForEach(work, scope, node, value);
  return forEachInstances(work, { tree: written.tree, params: undefined, each: undefined }, written.node);
}

function refuseForEach(work: ExpandWork, scope: Scope, extent: Extent, value: Value): Instances {
  if (value === null) return NO_INSTANCES;
  work.findings.report(scope.tree, extent, {
    code: "E-FOREACH-VALUE",
    message: `Correct "for_each": expected a list or a record, found ${shortForm(value)}`,
  });
  return NO_INSTANCES;
}

function arrayInstances(work: ExpandWork, scope: Scope, node: ArrayNode): Instances {
  const size = node.items.length;
  if (exceedsLimit(work, scope, { size, what: "for_each", extent: node })) return NO_INSTANCES;
  const elements = node.items.map((item, index) => ({
    key: elementKey(scope, item) ?? String(index),
    index,
    value: evaluate(work, scope, item),
  }));
  return { elements: distinct(work, scope.tree, { elements, extents: node.items }), isOpen: false };
}

/** In the order of the keys: that in which a record is written has no meaning. */
function recordInstances(work: ExpandWork, scope: Scope, node: RecordNode): Instances {
  const size = node.entries.length;
  if (exceedsLimit(work, scope, { size, what: "for_each", extent: node })) return NO_INSTANCES;
  const last = new Map(node.entries.map((entry) => [fieldName(scope.tree, entry), entry.value] as const));
  // The order in which a record is written has no meaning, and formatting changes it.
  const sorted = [...last].sort(([left], [right]) => compareText(left, right));
  const elements = sorted.map(([key, value], index) => ({
    key,
    index,
    value: evaluate(work, scope, value),
  }));
  return {
    elements: distinct(work, scope.tree, { elements, extents: sorted.map(([, value]) => value) }),
    isOpen: false,
  };
}

/** Reports elements whose key another one has or that no address can show, and leaves them out. */
function distinct(
  work: ExpandWork,
  tree: SyntaxTree,
  made: { readonly elements: readonly EachElement[]; readonly extents: readonly Extent[] },
): readonly EachElement[] {
  const indexes = new Map<string, number>();
  return made.elements.filter((element, index) => {
    const extent = made.extents[index] ?? { start: 0, end: 0 };
    const other = indexes.get(element.key);
    if (/\p{Cc}/u.test(element.key)) {
      work.findings.report(tree, extent, {
        code: "E-FOREACH-VALUE",
        message: `Remove the control character from the key ${JSON.stringify(element.key)}`,
      });
      return false;
    }
    indexes.set(element.key, index);
    if (other === undefined) return true;
    work.findings.report(tree, extent, {
      code: "E-DUP-RESOURCE",
      message:
        `Duplicate instance [${element.key}]: elements ${other} and ${index} of "for_each" have one key`,
    });
    return false;
  });
}

/** Checked before anything is built. */
function exceedsLimit(
  work: ExpandWork,
  scope: Scope,
  made: { readonly size: number | bigint; readonly what: string; readonly extent: Extent },
): boolean {
  if (made.size <= INSTANCE_LIMIT) return false;
  work.findings.report(scope.tree, made.extent, {
    code: "E-EXPANSION-LIMIT",
    message: `Make "${made.what}" smaller: found ${made.size} instances, the limit is ${INSTANCE_LIMIT}`,
  });
  return true;
}

/** A value in a message: its kind, and the value itself where it is short and no secret. */
function shortForm(value: Value): string {
  if (typeof value === "string") return "a string";
  if (isList(value)) return "a list";
  if (isRecord(value)) return "a record";
  return String(value);
}
