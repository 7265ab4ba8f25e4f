/** Values: strings, lists and records; numbers and words are read elsewhere. */
import { exactList } from "./exact_list.ts";
import { reportBehind } from "./parse_behind.ts";
import type { Cursor } from "./parse_cursor.ts";
import { parseNumber, refuseLeadingPoint } from "./parse_number.ts";
import {
  endsList,
  isDeclarationHead,
  skipBracketed,
  skipToElement,
  skipToItem,
  takeCloser,
} from "./parse_recovery.ts";
import { parseWordValue } from "./parse_word_value.ts";
import { misspeltExpressions, splitParts } from "./string_parts.ts";
import { decodeString } from "./string_text.ts";
import type { ArrayNode, EntryNode, RecordNode, StringNode, TokenIndex, ValueNode } from "./syntax_tree.ts";
import { TokenKind } from "./token.ts";
import { warnDuplicates } from "./parse_name.ts";

/** How deep lists and records may stand in each other. */
export const NESTING_LIMIT = 256;

/** Reads one value; `undefined` when it is not one, which is then reported. */
export function parseValue(cursor: Cursor): ValueNode | undefined {
  switch (cursor.kind) {
    case TokenKind.String:
      return parseStringValue(cursor);
    case TokenKind.Integer:
    case TokenKind.Decimal:
      return parseNumber(cursor);
    case TokenKind.LeftBracket:
      return nested(cursor, parseArray);
    case TokenKind.LeftBrace:
      return nested(cursor, parseRecord);
    case TokenKind.Identifier:
      return parseWordValue(cursor);
    case TokenKind.Dot:
      if (cursor.kindAt(cursor.at + 1) === TokenKind.Integer && cursor.touches(cursor.at + 1)) {
        refuseLeadingPoint(cursor);
        return undefined;
      }
  }
  const hint = cursor.is(TokenKind.Hyphen) ? "a sign stands directly before the digits" : undefined;
  cursor.unexpected("the value", "a value", hint);
  return undefined;
}

function nested<Node>(cursor: Cursor, parse: (cursor: Cursor) => Node): Node | undefined {
  if (cursor.depth >= NESTING_LIMIT) {
    cursor.report(cursor.at, {
      code: "E-TOO-DEEP",
      message: `Cannot read the value: lists and records stand more than ${NESTING_LIMIT} deep in each other`,
    });
    skipBracketed(cursor);
    return undefined;
  }
  cursor.depth++;
  const node = parse(cursor);
  cursor.depth--;
  return node;
}

function parseStringValue(cursor: Cursor): StringNode {
  const token = cursor.at++;
  if (cursor.holdsInterpolation(token)) checkInterpolation(cursor, token);
  return { kind: "string", first: token, last: token };
}

function checkInterpolation(cursor: Cursor, token: TokenIndex): void {
  const decoded = decodeString(cursor.source.text, cursor.startOf(token), cursor.endOf(token));
  for (const part of splitParts(decoded, "value")) {
    if (part.kind !== "malformed_env") continue;
    cursor.reportSpan(part.span, {
      code: "E-STRING",
      message:
        `Cannot read "\${${part.text}}": expected env("NAME"), the quotes written \\" in a plain string`,
      hint: LITERAL_HINT,
    });
  }
  for (const { text, near, span } of misspeltExpressions(decoded)) {
    cursor.reportSpan(span, {
      code: "W-INTERPOLATION",
      message: `"${text}" is plain text here: did you mean "\${${near}"?`,
      hint: LITERAL_HINT,
    });
  }
}

const LITERAL_HINT = "write \\${ for text that is meant literally";

function parseArray(cursor: Cursor): ArrayNode {
  const first = cursor.at++;
  const items: ValueNode[] = [];
  while (!cursor.is(TokenKind.RightBracket)) {
    if (endsList(cursor)) {
      cursor.unclosed(first, "]", "the list");
      return { kind: "array", first, last: cursor.at - 1, items };
    }
    const item = parseValue(cursor);
    if (item === undefined) skipToElement(cursor);
    else items.push(item);
    if (cursor.accept(TokenKind.Comma) || cursor.is(TokenKind.RightBracket) || endsList(cursor)) {
      continue;
    }
    cursor.unexpected("the list", '"," or "]"');
    if (!beginsValue(cursor.kind)) skipToElement(cursor);
  }
  return { kind: "array", first, last: cursor.at++, items: exactList(items) };
}

function beginsValue(kind: number): boolean {
  return kind === TokenKind.String || kind === TokenKind.Integer || kind === TokenKind.Decimal ||
    kind === TokenKind.LeftBrace || kind === TokenKind.LeftBracket || kind === TokenKind.Identifier;
}

function parseRecord(cursor: Cursor): RecordNode {
  const first = cursor.at++;
  const entries: EntryNode[] = [];
  while (!cursor.is(TokenKind.RightBrace)) {
    if (cursor.is(TokenKind.EndOfFile) || isDeclarationHead(cursor, cursor.at)) {
      cursor.unclosed(first, "}", "the record");
      return { kind: "record", first, last: cursor.at - 1, entries };
    }
    const start = cursor.at;
    const entry = parseEntry(cursor);
    if (entry === undefined) skipToItem(cursor, start);
    else entries.push(entry);
    cursor.accept(TokenKind.Comma);
  }
  warnDuplicates(cursor, entries, "key");
  return { kind: "record", first, last: takeCloser(cursor, first), entries: exactList(entries) };
}

function parseEntry(cursor: Cursor): EntryNode | undefined {
  const first = cursor.at;
  if (!cursor.is(TokenKind.Identifier) && !cursor.is(TokenKind.String)) {
    cursor.unexpected("the record", 'a key or "}"');
    return undefined;
  }
  cursor.at++;
  const hint = cursor.is(TokenKind.LeftBrace) ? `write ${cursor.text(first)} = { … }` : undefined;
  if (!cursor.accept(TokenKind.Equals)) {
    const wanted = `"=" behind ${cursor.describe(first)}`;
    reportBehind(cursor, first, { code: "E-SYNTAX", goal: "the record", wanted, hint });
    return undefined;
  }
  const value = parseValue(cursor);
  return value && { kind: "entry", first, last: value.last, name: first, value };
}
