import { unreachable } from "../engine/invariant.ts";
import { integer, record, type Value } from "../engine/value.ts";
import { readEach, readEnvironment, readParam, readPlainText, readVar } from "./expand_reference.ts";
import type { ExpandWork, Scope } from "./expand_scope.ts";
import { interpolate } from "./expand_text.ts";
import { readSecretSource, readSecretText } from "./secret_source.ts";
import {
  decimalValue,
  eachPath,
  fieldName,
  integerValue,
  nameText,
  stringParts,
  stringText,
} from "./syntax_text.ts";
import type { RecordNode, StringNode, ValueNode } from "./syntax_tree.ts";

/**
 * The value that a node stands for in `scope`. What has no value is reported and stands as an `Unknown`, so that the rest
 * can still be looked at.
 */
export function evaluate(work: ExpandWork, scope: Scope, node: ValueNode): Value {
  const { tree } = scope;
  switch (node.kind) {
    case "string":
      return evaluateString(work, scope, node);
    case "integer":
      return integer(integerValue(tree, node));
    case "decimal":
      // 2.0 and 2 are one value, and adding 0 makes -0.0 the 0 that it is.
      return decimalValue(tree, node) + 0;
    case "boolean":
      return node.value;
    case "array":
      return node.items.map((item) => evaluate(work, scope, item));
    case "record":
      return evaluateRecord(work, scope, node);
    default:
      return evaluateReference(work, scope, node);
  }
}

/** Most strings hold no `${`, and are not split. */
function evaluateString(work: ExpandWork, scope: Scope, node: StringNode): Value {
  const text = stringText(scope.tree, node);
  return text.includes("${")
    ? interpolate(work, scope, stringParts(scope.tree, node))
    : readPlainText(work, scope, { text, extent: node });
}

type ReferringNode = Extract<
  ValueNode,
  { readonly kind: "secret" | "secret_source" | "env" | "param_ref" | "each_ref" | "var_ref" }
>;

function evaluateReference(work: ExpandWork, scope: Scope, node: ReferringNode): Value {
  const { tree } = scope;
  switch (node.kind) {
    case "secret":
      return readSecretText(work, scope, node);
    case "secret_source":
      return readSecretSource(work, scope, node);
    case "env": {
      const fallback = node.default === undefined ? undefined : nameText(tree, node.default);
      return readEnvironment(work, scope, { name: nameText(tree, node.name), fallback, extent: node });
    }
    case "param_ref":
      return readParam(work, scope, { name: fieldName(tree, node), extent: node });
    case "each_ref":
      return readEach(work, scope, { of: node.of, path: eachPath(tree, node), extent: node });
    case "var_ref":
      return readVar(work, scope, { name: fieldName(tree, node), extent: node });
    default:
      return unreachable(node);
  }
}

function evaluateRecord(work: ExpandWork, scope: Scope, node: RecordNode): Value {
  return record(
    node.entries.map((entry) => [fieldName(scope.tree, entry), evaluate(work, scope, entry.value)] as const),
  );
}
