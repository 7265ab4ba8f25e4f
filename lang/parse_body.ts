/** Bodies in braces: the loop that all share, and the sections and fields in them. */
import { exactList } from "./exact_list.ts";
import { reportBehind } from "./parse_behind.ts";
import type { Cursor } from "./parse_cursor.ts";
import { warnDuplicates } from "./parse_name.ts";
import { isNumber, UNIT_HINT } from "./parse_number.ts";
import {
  isDeclarationHead,
  isFirstOnLine,
  isOutdented,
  skipBracketed,
  skipToItem,
  takeCloser,
  takeLostCloser,
} from "./parse_recovery.ts";
import { parseValue } from "./parse_value.ts";
import type { FieldNode, SectionNode, TokenIndex } from "./syntax_tree.ts";
import { TokenKind } from "./token.ts";

/** A body that is read. What it is in words is asked for only when something is wrong. */
export interface Body {
  /** The token that the resource, section or other owner of the body begins with. */
  readonly head: TokenIndex;
  /** The body in words for messages, such as `the resource "net"`. */
  readonly goal: (cursor: Cursor, head: TokenIndex) => string;
}

/** What the items of a body are. */
export interface BodyGrammar<Items extends Body> {
  /** The one declaration that may stand in the body. */
  readonly inner?: "resource";
  /** Whether the token begins what only the body around this one may hold: then this one may lack its end. */
  readonly isOuter?: (cursor: Cursor, token: TokenIndex) => boolean;
  /** Reads one item into `items`; answers whether it was whole. A broken one has been reported. */
  readonly item: (cursor: Cursor, items: Items) => boolean;
}

/** Reads a body from its `{`; answers its last token, or `undefined` when there is no body at all. */
export function parseBody<Items extends Body>(
  cursor: Cursor,
  grammar: BodyGrammar<Items>,
  items: Items,
): TokenIndex | undefined {
  const opener = cursor.at;
  if (!cursor.accept(TokenKind.LeftBrace)) {
    cursor.unexpected(goalOf(cursor, items), '"{"');
    return undefined;
  }
  while (!cursor.is(TokenKind.RightBrace) || takeLostCloser(cursor, opener)) {
    const start = cursor.at;
    if (cursor.is(TokenKind.RightBrace)) continue;
    const misplaced = isDeclarationHead(cursor, start) && !cursor.isWord(start, grammar.inner ?? "");
    const outer = misplaced || grammar.isOuter?.(cursor, start) === true;
    if (cursor.is(TokenKind.EndOfFile) || (outer && isOutdented(cursor, opener, start))) {
      cursor.unclosed(opener, "}", goalOf(cursor, items));
      return cursor.at - 1;
    }
    if (misplaced) skipMisplaced(cursor, items);
    else if (!grammar.item(cursor, items)) skipToItem(cursor, start);
  }
  return takeCloser(cursor, opener);
}

/** A body in words for messages. */
export function goalOf(cursor: Cursor, body: Body): string {
  return body.goal(cursor, body.head);
}

/** Refuses a declaration inside a body. If the body lacks its end instead, that is the same mistake. */
function skipMisplaced(cursor: Cursor, body: Body): void {
  const start = cursor.at;
  const message = `Cannot read ${goalOf(cursor, body)}: "${cursor.text(start)}" stands outside all bodies`;
  cursor.report(start, { code: "E-SYNTAX", message, hint: "move it out, or close the body before it" });
  cursor.swallowedAt = start;
  if (BODY_WORDS.some((word) => cursor.isWord(start, word))) {
    while (!HEAD_ENDS.includes(cursor.kind)) cursor.at++;
  }
  if (cursor.is(TokenKind.LeftBrace)) skipBracketed(cursor);
  else skipToItem(cursor, start);
}

/** The declarations that have a body of their own. */
const BODY_WORDS: readonly string[] = ["resource", "layer", "component", "use"];
const HEAD_ENDS: readonly number[] = [
  TokenKind.LeftBrace,
  TokenKind.RightBrace,
  TokenKind.Equals,
  TokenKind.EndOfFile,
];

/** Reads `NAME = value` or `NAME { … }` into one of the two lists. */
export function parseSectionOrField(
  cursor: Cursor,
  into: Body & { readonly sections: SectionNode[]; readonly fields: FieldNode[] },
): boolean {
  const next = cursor.kindAt(cursor.at + 1);
  if (cursor.is(TokenKind.Identifier) && next === TokenKind.LeftBrace) {
    const section = parseSection(cursor);
    if (section !== undefined) into.sections.push(section);
    return section !== undefined;
  }
  const field = parseField(cursor, into, '"=" or "{"');
  if (field !== undefined) into.fields.push(field);
  return field !== undefined;
}

/** Reads `NAME = value`, an item of `body`. */
export function parseField(cursor: Cursor, body: Body, wanted = '"="'): FieldNode | undefined {
  const first = cursor.at;
  if (!cursor.is(TokenKind.Identifier)) {
    const hint = cursor.is(TokenKind.Comma) ? "fields need no comma between them" : undefined;
    cursor.unexpected(goalOf(cursor, body), 'an item or "}"', hint);
    return undefined;
  }
  cursor.at++;
  if (!cursor.accept(TokenKind.Equals)) {
    const goal = `the field "${cursor.text(first)}"`;
    reportBehind(cursor, first, { code: "E-SYNTAX", goal, wanted, hint: nameHint(cursor, first) });
    if (isFirstOnLine(cursor, cursor.at)) cursor.lostOpenerAt = cursor.at;
    return undefined;
  }
  const value = parseValue(cursor);
  return value && { kind: "field", first, last: value.last, name: first, value };
}

/** What a name without a value was probably meant to be. */
function nameHint(cursor: Cursor, name: TokenIndex): string | undefined {
  if (cursor.is(TokenKind.LeftBrace)) return `write ${cursor.text(name)} = { … } for a record`;
  const isBehindNumber = isNumber(cursor.kindAt(name - 1)) && !isFirstOnLine(cursor, name);
  return isBehindNumber ? UNIT_HINT : undefined;
}

interface SectionItems extends Body {
  readonly fields: FieldNode[];
}

const SECTION_GRAMMAR: BodyGrammar<SectionItems> = {
  isOuter: isResourceItem,
  item: (cursor, items) => {
    const field = parseField(cursor, items);
    if (field !== undefined) items.fields.push(field);
    return field !== undefined;
  },
};

function parseSection(cursor: Cursor): SectionNode | undefined {
  const first = cursor.at++;
  const items: SectionItems = { head: first, goal: sectionGoal, fields: [] };
  const last = parseBody(cursor, SECTION_GRAMMAR, items);
  if (last === undefined) return undefined;
  warnDuplicates(cursor, items.fields, "field");
  return { kind: "section", first, last, name: first, fields: exactList(items.fields) };
}

function sectionGoal(cursor: Cursor, head: TokenIndex): string {
  return `the section "${cursor.text(head)}"`;
}

/** Whether an annotation, a dependency or a section begins at `token`. */
function isResourceItem(cursor: Cursor, token: TokenIndex): boolean {
  const next = cursor.kindAt(token + 1);
  if (cursor.kindAt(token) === TokenKind.At) return next === TokenKind.Identifier;
  if (cursor.kindAt(token) !== TokenKind.Identifier) return false;
  return next === TokenKind.LeftBrace || (next === TokenKind.Identifier && cursor.isWord(token, "needs"));
}
