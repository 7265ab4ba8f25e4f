/** Values in canonical form. */
import { compareText } from "../engine/text_order.ts";
import { unreachable } from "../engine/invariant.ts";
import { hasComments, placeComments } from "./comment_place.ts";
import { behind, formatComments, formatItem } from "./format_block.ts";
import { formatDecimal } from "./format_number.ts";
import { formatPlain, formatString, INDENT_STEP } from "./format_string.ts";
import type {
  ArrayNode,
  EntryNode,
  EnvNode,
  IntegerNode,
  RecordNode,
  SyntaxTree,
  TokenIndex,
  ValueNode,
} from "./syntax_tree.ts";
import { decimalValue, eachPath, fieldName, nameText, tokenText } from "./syntax_text.ts";
import { TokenKind } from "./token.ts";

/** The text of a value that begins on a line with `indent`. */
export function formatValue(tree: SyntaxTree, value: ValueNode, indent: string): string {
  switch (value.kind) {
    case "string":
      return formatString(tree, value.first, "value", indent);
    case "integer":
      return formatInteger(tree, value);
    case "decimal":
      return formatDecimal(decimalValue(tree, value));
    case "boolean":
      return String(value.value);
    case "array":
      return formatArray(tree, value, indent);
    case "record":
      return formatRecord(tree, value, indent);
    case "secret":
      return `secret(${formatPlain(nameText(tree, value.text))})`;
    case "secret_source":
      return `secret_${value.from}(${value.args.map((arg) => formatPlain(nameText(tree, arg))).join(", ")})`;
    case "env":
      return formatEnv(tree, value);
    case "param_ref":
      return `param.${fieldName(tree, value)}`;
    case "var_ref":
      return `var.${fieldName(tree, value)}`;
    case "each_ref":
      return ["each", value.of, ...eachPath(tree, value)].join(".");
    default:
      return unreachable(value);
  }
}

/** A written integer has no leading zeros, so only a zero can be written in two ways. */
function formatInteger(tree: SyntaxTree, value: IntegerNode): string {
  const text = tokenText(tree, value.first);
  return text === "-0" ? "0" : text;
}

function formatEnv(tree: SyntaxTree, value: EnvNode): string {
  const name = formatPlain(nameText(tree, value.name));
  return value.default === undefined
    ? `env(${name})`
    : `env(${name}, ${formatPlain(nameText(tree, value.default))})`;
}

/** Whether a value may share a line with others. */
function isScalar(value: ValueNode): boolean {
  switch (value.kind) {
    case "string":
    case "integer":
    case "decimal":
    case "boolean":
    case "each_ref":
    case "var_ref":
      return true;
    default:
      return false;
  }
}

function formatArray(tree: SyntaxTree, array: ArrayNode, indent: string): string {
  const block = { opener: array.first, closer: array.last };
  const commented = hasComments(tree, block);
  if (!commented && array.items.every(isScalar)) {
    return `[${array.items.map((item) => formatValue(tree, item, indent)).join(", ")}]`;
  }
  const comments = commented ? placeComments(tree, block, array.items) : undefined;
  const inner = indent + INDENT_STEP;
  let text = `[${behind(comments?.head)}\n`;
  array.items.forEach((item, index) => {
    const comma = index < array.items.length - 1 ? "," : "";
    text += formatItem(formatValue(tree, item, inner) + comma, comments?.items.get(item), inner);
  });
  return `${text}${formatComments(comments?.end, inner)}${indent}]`;
}

const ONE_LINE_KEYS = 4;

function formatRecord(tree: SyntaxTree, record: RecordNode, indent: string): string {
  const block = { opener: record.first, closer: record.last };
  const commented = hasComments(tree, block);
  const entries = sortByName(tree, record.entries);
  if (!commented && entries.length === 0) return "{}";
  if (!commented && entries.length <= ONE_LINE_KEYS && entries.every((entry) => isScalar(entry.value))) {
    return `{ ${entries.map((entry) => formatEntry(tree, entry, indent)).join(", ")} }`;
  }
  const comments = commented ? placeComments(tree, block, entries) : undefined;
  const inner = indent + INDENT_STEP;
  let text = `{${behind(comments?.head)}\n`;
  for (const entry of entries) {
    text += formatItem(formatEntry(tree, entry, inner), comments?.items.get(entry), inner);
  }
  return `${text}${formatComments(comments?.end, inner)}${indent}}`;
}

const WORD_REGEXP = /^[\p{Alphabetic}_][\p{Alphabetic}\p{N}_]*$/u;

function formatEntry(tree: SyntaxTree, entry: EntryNode, indent: string): string {
  return `${formatKey(tree, entry.name)} = ${formatValue(tree, entry.value, indent)}`;
}

function formatKey(tree: SyntaxTree, token: TokenIndex): string {
  const name = nameText(tree, token);
  const isWord = tree.tokens.kinds[token] === TokenKind.Identifier || WORD_REGEXP.test(name);
  return isWord ? name : formatPlain(name);
}

/** Sorts by name, in the order of code points; equal names keep their order. */
export function sortByName<Node extends { readonly name: number }>(
  tree: SyntaxTree,
  nodes: readonly Node[],
): readonly Node[] {
  if (isSorted(tree, nodes)) return nodes;
  return nodes.map((node) => ({ node, name: fieldName(tree, node) }))
    .sort((a, b) => compareText(a.name, b.name))
    .map(({ node }) => node);
}

function isSorted(tree: SyntaxTree, nodes: readonly { readonly name: TokenIndex }[]): boolean {
  let before = "";
  for (const node of nodes) {
    const name = fieldName(tree, node);
    if (compareText(before, name) > 0) return false;
    before = name;
  }
  return true;
}
