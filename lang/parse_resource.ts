/** `resource KIND "NAME" : TYPE { … }` */
import { exactList } from "./exact_list.ts";
import { parseAnnotation } from "./parse_annotation.ts";
import { type Body, type BodyGrammar, parseBody, parseSectionOrField } from "./parse_body.ts";
import type { Cursor } from "./parse_cursor.ts";
import { parseCount, parseForEach } from "./parse_expansion.ts";
import { parseAddressName, warnDuplicates } from "./parse_name.ts";
import { parseNeeds } from "./parse_reference.ts";
import type {
  AnnotationNode,
  CountNode,
  FieldNode,
  ForEachNode,
  NeedsNode,
  ResourceNode,
  SectionNode,
  TokenIndex,
  TypePathNode,
} from "./syntax_tree.ts";
import { TokenKind } from "./token.ts";

/** The items of a resource while they are collected. */
interface ResourceItems extends Body {
  readonly annotations: AnnotationNode[];
  readonly needs: NeedsNode[];
  readonly sections: SectionNode[];
  readonly fields: FieldNode[];
  forEach: ForEachNode | undefined;
  count: CountNode | undefined;
}

const RESOURCE_GRAMMAR: BodyGrammar<ResourceItems> = { item: parseResourceItem };

/** Reads a resource. The body of one with a broken head is read too, so that its own mistakes are found. */
export function parseResource(cursor: Cursor): ResourceNode | undefined {
  const first = cursor.at++;
  const label = cursor.is(TokenKind.Identifier) ? cursor.at++ : undefined;
  const name = parseAddressName(cursor, "the resource");
  const colon = name === undefined
    ? undefined
    : cursor.expect(TokenKind.Colon, "the resource", '":" and a type');
  const type = colon === undefined ? undefined : parseTypePath(cursor);
  if (type === undefined && !skipToBrace(cursor)) return undefined;
  const items: ResourceItems = {
    head: first,
    goal: resourceGoal,
    annotations: [],
    needs: [],
    sections: [],
    fields: [],
    forEach: undefined,
    count: undefined,
  };
  const last = parseBody(cursor, RESOURCE_GRAMMAR, items);
  if (last === undefined || name === undefined || type === undefined) return undefined;
  refuseDuplicateSections(cursor, items.sections);
  warnDuplicates(cursor, items.fields, "field");
  return {
    kind: "resource",
    first,
    last,
    label,
    name,
    type,
    annotations: exactList(items.annotations),
    forEach: items.forEach,
    count: items.count,
    needs: exactList(items.needs),
    sections: exactList(items.sections),
    fields: exactList(items.fields),
  };
}

function resourceGoal(cursor: Cursor, head: TokenIndex): string {
  const name = cursor.kindAt(head + 1) === TokenKind.Identifier ? head + 2 : head + 1;
  return cursor.kindAt(name) === TokenKind.String ? `the resource ${cursor.text(name)}` : "the resource";
}

function parseTypePath(cursor: Cursor): TypePathNode | undefined {
  const goal = "the type of the resource";
  const first = cursor.expect(TokenKind.Identifier, goal, "a path such as local.File");
  if (first === undefined) return undefined;
  while (cursor.is(TokenKind.Dot)) {
    if (!cursor.touches(cursor.at) || !cursor.touches(cursor.at + 1)) {
      cursor.unexpected(goal, "no space around the points of the path");
      return undefined;
    }
    cursor.at++;
    if (cursor.expect(TokenKind.Identifier, goal, "a name directly behind the point") === undefined) {
      return undefined;
    }
  }
  return { kind: "type", first, last: cursor.at - 1 };
}

/** After a broken head: goes to the body when there is one on the way to the next line's item. */
function skipToBrace(cursor: Cursor): boolean {
  const limit = cursor.at + 16;
  for (let token = cursor.at; token < limit; token++) {
    const kind = cursor.kindAt(token);
    if (kind === TokenKind.EndOfFile || kind === TokenKind.RightBrace || kind === TokenKind.Equals) {
      return false;
    }
    if (kind !== TokenKind.LeftBrace) continue;
    cursor.at = token;
    return true;
  }
  return false;
}

function parseResourceItem(cursor: Cursor, items: ResourceItems): boolean {
  if (cursor.is(TokenKind.At)) return parseAnnotation(cursor, items.annotations);
  const next = cursor.kindAt(cursor.at + 1);
  if (next === TokenKind.Equals) {
    if (cursor.isWord(cursor.at, "for_each")) {
      const forEach = parseForEach(cursor, items.forEach ?? items.count);
      items.forEach ??= forEach;
      return forEach !== undefined;
    }
    if (cursor.isWord(cursor.at, "count")) {
      const count = parseCount(cursor, items.count ?? items.forEach);
      items.count ??= count;
      return count !== undefined;
    }
  } else if (next !== TokenKind.LeftBrace && cursor.isWord(cursor.at, "needs")) {
    const needs = parseNeeds(cursor);
    if (needs !== undefined) items.needs.push(needs);
    return needs !== undefined;
  }
  return parseSectionOrField(cursor, items);
}

function refuseDuplicateSections(cursor: Cursor, sections: readonly SectionNode[]): void {
  if (sections.length < 2) return;
  const seen = new Set<string>();
  for (const section of sections) {
    const name = cursor.text(section.name);
    if (seen.has(name)) {
      cursor.report(section.name, {
        code: "E-DUP-SECTION",
        message: `Cannot have two sections "${name}" in one resource`,
        hint: "put all fields into one section",
      });
    }
    seen.add(name);
  }
}
