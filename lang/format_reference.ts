/** References and patterns in canonical form. */
import { formatPlain } from "./format_string.ts";
import type {
  IndexNode,
  NeedsNode,
  PatternNode,
  ReferenceNode,
  SegmentNode,
  SyntaxTree,
} from "./syntax_tree.ts";
import { bindingText, indexKey, patternSegments, segmentText } from "./syntax_text.ts";
import { TokenKind } from "./token.ts";

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
  const target = node.target.map((each) => formatSegment(tree, each)).join(".");
  const index = node.index === undefined ? "" : formatIndex(tree, node.index);
  return target + index + node.output.map((each) => `.${formatSegment(tree, each)}`).join("");
}

function formatSegment(tree: SyntaxTree, node: SegmentNode): string {
  const text = segmentText(tree, node);
  const isWord = tree.tokens.kinds[node.first] === TokenKind.Identifier || SEGMENT_REGEXP.test(text);
  return isWord ? text : formatPlain(text);
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
