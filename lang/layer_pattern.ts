import type { AddressParts } from "../engine/address.ts";
import { type PatternSegment, patternSegments } from "./syntax_text.ts";
import type { PatternNode, SyntaxTree } from "./syntax_tree.ts";

/** Whether a resource is one that the pattern of an override means. */
export type LayerPattern = (parts: AddressParts) => boolean;

/**
 * Reads the pattern of an override. `*` alone means every resource; else there are two segments, for the kind, of a resource
 * inside a component `instance__kind`, and for the name. A name means all instances of a template; with its key,
 * `name[key]`, it means one. `undefined` for another count of segments, which can mean nothing.
 */
export function readPattern(tree: SyntaxTree, node: PatternNode): LayerPattern | undefined {
  const segments = patternSegments(tree, node);
  const [kind, name, ...rest] = segments.map(segmentTest);
  if (kind === undefined || rest.length > 0) return undefined;
  if (name === undefined) return isStar(segments[0]) ? () => true : undefined;
  return (parts) => kind(kindText(parts)) && (name(parts.name) || name(nameWithKey(parts)));
}

/** The kind of a resource as patterns have it. */
export function kindText({ component, kind }: AddressParts): string {
  return component === undefined ? kind : `${component}__${kind}`;
}

/** The name of a resource as a pattern has it that means one instance. */
export function nameWithKey({ name, key }: AddressParts): string {
  return key === undefined ? name : `${name}[${key}]`;
}

function isStar(segment: PatternSegment | undefined): boolean {
  return segment?.quoted === false && segment.text === "*";
}

/** A quoted segment means its text alone; in another `*` stands for any text, the empty one too. */
function segmentTest({ quoted, text }: PatternSegment): (text: string) => boolean {
  if (quoted || !text.includes("*")) return (found) => found === text;
  const pieces = text.split("*");
  return (found) => holdsInOrder(found, pieces);
}

/** Whether `text` begins with the first piece, ends with the last one, and holds the others between, in order. */
function holdsInOrder(text: string, pieces: readonly string[]): boolean {
  const first = pieces[0] ?? "";
  const last = pieces.at(-1) ?? "";
  if (!text.startsWith(first)) return false;
  let from = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const at = text.indexOf(piece, from);
    if (at === -1) return false;
    from = at + piece.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}
