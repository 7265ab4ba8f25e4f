/** References and patterns in canonical form. */
import { formatPlain } from "./format_string.ts";
import type { IndexNode, NeedsNode, PatternNode, ReferenceNode, SyntaxTree } from "./syntax_tree.ts";
import { bindingText, indexKey, patternSegments, segmentText } from "./syntax_text.ts";

const SEGMENT_REGEXP = /^[\p{Alphabetic}_][\p{Alphabetic}\p{N}_]*(?:-[\p{Alphabetic}\p{N}_]+)*$/u;
const INTEGER_REGEXP = /^(?:0|-?[1-9][0-9]*)$/;
const PATTERN_REGEXP = /^[\p{Alphabetic}\p{N}_]+(?:-[\p{Alphabetic}\p{N}_]+)*$/u;

/** `needs kind.name -> field`. */
export function formatNeeds(tree: SyntaxTree, node: NeedsNode): string {
  const reference = formatReference(tree, node.reference);
  return node.binding === undefined
    ? `needs ${reference}`
    : `needs ${reference} -> ${bindingText(tree, node.binding)}`;
}

/** `kind.name["key"].output`; segments and keys are quoted only where they must be. */
export function formatReference(tree: SyntaxTree, node: ReferenceNode): string {
  const segment = (text: string): string => SEGMENT_REGEXP.test(text) ? text : formatPlain(text);
  const target = node.target.map((each) => segment(segmentText(tree, each))).join(".");
  const index = node.index === undefined ? "" : formatIndex(tree, node.index);
  return target + index + node.output.map((each) => `.${segment(segmentText(tree, each))}`).join("");
}

function formatIndex(tree: SyntaxTree, node: IndexNode): string {
  const key = indexKey(tree, node);
  if (key === undefined) return "[*]";
  return `[${INTEGER_REGEXP.test(key) ? key : formatPlain(key)}]`;
}

/** The pattern of an override; a quoted segment that is a word without `*` loses its quotes. */
export function formatPattern(tree: SyntaxTree, node: PatternNode): string {
  return patternSegments(tree, node)
    .map(({ quoted, text }) => quoted && !PATTERN_REGEXP.test(text) ? formatPlain(text) : text)
    .join(".");
}
