/** Accessors that read the text behind the nodes of a tree. */
import { decimalOf, integerOf } from "./number_value.ts";
import { splitParts, type StringPart, type StringPlace } from "./string_parts.ts";
import { decodeString, type StringText, stringTextBetween } from "./string_text.ts";
import type {
  AnnotationNode,
  BindingNode,
  DecimalNode,
  EachRefNode,
  IndexNode,
  IntegerNode,
  ParamNode,
  PatternNode,
  ResourceNode,
  SegmentNode,
  StringNode,
  SyntaxTree,
  TokenIndex,
  TypePathNode,
  UnsetNode,
} from "./syntax_tree.ts";
import { TokenKind } from "./token.ts";

/** A token as it is written. */
export function tokenText(tree: SyntaxTree, token: TokenIndex): string {
  return tree.source.text.slice(tree.tokens.starts[token], tree.tokens.ends[token]);
}

/** What a token that is an identifier or a string stands for; interpolation is not looked at. */
export function nameText(tree: SyntaxTree, token: TokenIndex): string {
  if (tree.tokens.kinds[token] !== TokenKind.String) return tokenText(tree, token);
  return stringTextBetween(tree.source.text, tree.tokens.starts[token] ?? 0, tree.tokens.ends[token] ?? 0);
}

/** The name of a field, section, argument, record entry or parameter, or of a reference to one. */
export function fieldName(tree: SyntaxTree, node: { readonly name: TokenIndex }): string {
  return nameText(tree, node.name);
}

/** The kind as written, or the last segment of the type in lower case. */
export function resourceKind(tree: SyntaxTree, node: ResourceNode): string {
  return node.label === undefined
    ? tokenText(tree, node.type.last).toLowerCase()
    : tokenText(tree, node.label);
}

/** The type path, `provider.service.Type`. */
export function typeText(tree: SyntaxTree, node: TypePathNode): string {
  return tree.source.text.slice(tree.tokens.starts[node.first], tree.tokens.ends[node.last]);
}

/** The annotation's text without a look at interpolation. */
export function annotationText(tree: SyntaxTree, node: AnnotationNode): string {
  return nameText(tree, node.text);
}

/** The annotation's text with `each` and `param` expressions split off. */
export function annotationParts(tree: SyntaxTree, node: AnnotationNode): readonly StringPart[] {
  return tokenParts(tree, node.text, "annotation");
}

/** A string value's texts and expressions, in order; none for the empty string. */
export function stringParts(tree: SyntaxTree, node: StringNode): readonly StringPart[] {
  return tokenParts(tree, node.first, "value");
}

/** A string value's text with its expressions as they are written. */
export function stringText(tree: SyntaxTree, node: StringNode): string {
  return nameText(tree, node.first);
}

/** The texts and expressions of a string token. */
export function tokenParts(tree: SyntaxTree, token: TokenIndex, place: StringPlace): readonly StringPart[] {
  return splitParts(decodedToken(tree, token), place);
}

/** What a string token means, before a look at interpolation. */
export function decodedToken(tree: SyntaxTree, token: TokenIndex): StringText {
  return decodeString(tree.source.text, tree.tokens.starts[token] ?? 0, tree.tokens.ends[token] ?? 0);
}

/** The number of an integer value. */
export function integerValue(tree: SyntaxTree, node: IntegerNode): bigint {
  return integerOf(tokenText(tree, node.first));
}

/** The number of a decimal value. */
export function decimalValue(tree: SyntaxTree, node: DecimalNode): number {
  return decimalOf(tokenText(tree, node.first));
}

/** The fields behind `each.value`. */
export function eachPath(tree: SyntaxTree, node: EachRefNode): readonly string[] {
  return node.path.map((token) => tokenText(tree, token));
}

/** The declared type of a parameter. */
export function paramType(tree: SyntaxTree, node: ParamNode): string {
  return tokenText(tree, node.type);
}

/** A segment of a reference; quotes removed, hyphens kept. */
export function segmentText(tree: SyntaxTree, node: SegmentNode): string {
  if (node.first === node.last) return nameText(tree, node.first);
  return tree.source.text.slice(tree.tokens.starts[node.first], tree.tokens.ends[node.last]);
}

/** The key that an index names, as text; `undefined` for `[*]`. */
export function indexKey(tree: SyntaxTree, node: IndexNode): string | undefined {
  if (node.all) return undefined;
  const key = node.first + 1;
  if (tree.tokens.kinds[key] === TokenKind.Integer) return String(integerOf(tokenText(tree, key)));
  return segmentText(tree, { kind: "segment", first: key, last: node.last - 1 });
}

/** `field` or `section.field` as text. */
export function bindingText(tree: SyntaxTree, node: BindingNode): string {
  const field = tokenText(tree, node.field);
  return node.section === undefined ? field : `${tokenText(tree, node.section)}.${field}`;
}

/** What an `unset` names: `field`, `section` or `section.field`. */
export function unsetText(tree: SyntaxTree, { section, name }: UnsetNode): string {
  const text = tokenText(tree, name);
  return section === undefined ? text : `${tokenText(tree, section)}.${text}`;
}

/** A segment of an override's pattern. A quoted one is compared as it is; in others `*` stands for any text. */
export interface PatternSegment {
  readonly quoted: boolean;
  readonly text: string;
}

/** The segments of a pattern; `*` alone is one segment and matches everything. */
export function patternSegments(tree: SyntaxTree, node: PatternNode): readonly PatternSegment[] {
  const segments: { quoted: boolean; text: string }[] = [{ quoted: false, text: "" }];
  for (let token = node.first; token <= node.last; token++) {
    const quoted = tree.tokens.kinds[token] === TokenKind.String;
    // A token such as `1.5` is two segments.
    const [first = "", ...rest] = quoted ? [nameText(tree, token)] : tokenText(tree, token).split(".");
    const open = segments.at(-1);
    if (open !== undefined) {
      open.text += first;
      open.quoted ||= quoted;
    }
    for (const text of rest) segments.push({ quoted: false, text });
  }
  return segments;
}
