/** `layer "NAME" over "BASE" { … }` */
import { parseAnnotation } from "./parse_annotation.ts";
import { parseBody, parseSectionOrField } from "./parse_body.ts";
import type { Cursor } from "./parse_cursor.ts";
import { parseName, warnDuplicates } from "./parse_name.ts";
import { parseFieldPath, parsePattern } from "./parse_reference.ts";
import type {
  AnnotationNode,
  FieldNode,
  LayerNode,
  OverrideNode,
  SectionNode,
  UnsetNode,
} from "./syntax_tree.ts";
import { TokenKind } from "./token.ts";

/** Reads a layer. */
export function parseLayer(cursor: Cursor): LayerNode | undefined {
  const first = cursor.at++;
  const name = parseName(cursor, "the layer");
  if (name === undefined) return undefined;
  const goal = `the layer ${cursor.text(name)}`;
  if (!cursor.expectWord("over", goal)) return undefined;
  const base = parseName(cursor, "the base of the layer");
  if (base === undefined) return undefined;
  const annotations: AnnotationNode[] = [];
  const overrides: OverrideNode[] = [];
  const last = parseBody(cursor, {
    goal,
    item: () => {
      if (cursor.is(TokenKind.At)) return parseAnnotation(cursor, annotations);
      const override = parseOverride(cursor);
      if (override !== undefined) overrides.push(override);
      return override !== undefined;
    },
  });
  return last === undefined ? undefined : { kind: "layer", first, last, name, base, annotations, overrides };
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
  const unsets: UnsetNode[] = [];
  const sections: SectionNode[] = [];
  const fields: FieldNode[] = [];
  const goal = `the override of ${
    cursor.source.text.slice(cursor.startOf(pattern.first), cursor.endOf(pattern.last))
  }`;
  const last = parseBody(cursor, {
    goal,
    item: () => {
      if (!isUnset(cursor)) return parseSectionOrField(cursor, { sections, fields }, goal);
      const unset = parseUnset(cursor);
      if (unset !== undefined) unsets.push(unset);
      return unset !== undefined;
    },
  });
  if (last === undefined) return undefined;
  warnDuplicates(cursor, fields, "field");
  return { kind: "override", first, last, pattern, unsets, sections, fields };
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
