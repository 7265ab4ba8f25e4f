/** `layer "NAME" over "BASE" { … }` */
import { parseAnnotation } from "./parse_annotation.ts";
import { type Body, type BodyGrammar, goalOf, parseBody, parseSectionOrField } from "./parse_body.ts";
import type { Cursor } from "./parse_cursor.ts";
import { parseName, warnDuplicates } from "./parse_name.ts";
import { parseFieldPath, parsePattern } from "./parse_reference.ts";
import type {
  AnnotationNode,
  FieldNode,
  LayerNode,
  OverrideNode,
  SectionNode,
  TokenIndex,
  UnsetNode,
} from "./syntax_tree.ts";
import { TokenKind } from "./token.ts";

interface LayerItems extends Body {
  readonly annotations: AnnotationNode[];
  readonly overrides: OverrideNode[];
}

interface OverrideItems extends Body {
  readonly unsets: UnsetNode[];
  readonly sections: SectionNode[];
  readonly fields: FieldNode[];
}

const LAYER_GRAMMAR: BodyGrammar<LayerItems> = { item: parseLayerItem };
const OVERRIDE_GRAMMAR: BodyGrammar<OverrideItems> = { item: parseOverrideItem };

/** Reads a layer. */
export function parseLayer(cursor: Cursor): LayerNode | undefined {
  const first = cursor.at++;
  const name = parseName(cursor, "the layer");
  const items: LayerItems = { head: first, goal: layerGoal, annotations: [], overrides: [] };
  if (name === undefined || !cursor.expectWord("over", goalOf(cursor, items))) return undefined;
  const base = parseName(cursor, "the base of the layer");
  if (base === undefined) return undefined;
  const last = parseBody(cursor, LAYER_GRAMMAR, items);
  if (last === undefined) return undefined;
  const { annotations, overrides } = items;
  return { kind: "layer", first, last, name, base, annotations, overrides };
}

function layerGoal(cursor: Cursor, head: TokenIndex): string {
  return `the layer ${cursor.text(head + 1)}`;
}

function parseLayerItem(cursor: Cursor, items: LayerItems): boolean {
  if (cursor.is(TokenKind.At)) return parseAnnotation(cursor, items.annotations);
  const override = parseOverride(cursor);
  if (override !== undefined) items.overrides.push(override);
  return override !== undefined;
}

function parseOverride(cursor: Cursor): OverrideNode | undefined {
  const first = cursor.at;
  if (!cursor.isWord(first, "override")) {
    cursor.unexpected("the layer", 'an annotation, "override" or "}"');
    return undefined;
  }
  cursor.at++;
  const pattern = parsePattern(cursor);
  if (pattern === undefined) return undefined;
  const text = cursor.source.text.slice(cursor.startOf(pattern.first), cursor.endOf(pattern.last));
  const goal = (): string => `the override of ${text}`;
  const items: OverrideItems = { head: first, goal, unsets: [], sections: [], fields: [] };
  const last = parseBody(cursor, OVERRIDE_GRAMMAR, items);
  if (last === undefined) return undefined;
  const { unsets, sections, fields } = items;
  warnDuplicates(cursor, fields, "field");
  return { kind: "override", first, last, pattern, unsets, sections, fields };
}

function parseOverrideItem(cursor: Cursor, items: OverrideItems): boolean {
  if (!isUnset(cursor)) return parseSectionOrField(cursor, items);
  const unset = parseUnset(cursor);
  if (unset !== undefined) items.unsets.push(unset);
  return unset !== undefined;
}

/** Whether `unset NAME` stands here, and no field or section of the name `unset`. */
function isUnset(cursor: Cursor): boolean {
  const next = cursor.kindAt(cursor.at + 1);
  return cursor.isWord(cursor.at, "unset") && next !== TokenKind.Equals && next !== TokenKind.LeftBrace;
}

function parseUnset(cursor: Cursor): UnsetNode | undefined {
  const first = cursor.at++;
  const path = parseFieldPath(cursor, '"unset"');
  return path && { kind: "unset", first, last: path.field, section: path.section, name: path.field };
}
