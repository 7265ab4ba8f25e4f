/** Values: scalars, lists, records, and references. */
import type { Cursor } from "./parse_cursor.ts";
import { parseNumber, refuseLeadingPoint } from "./parse_number.ts";
import {
  endsList,
  isAssignment,
  isDeclarationHead,
  skipBracketed,
  skipToElement,
  skipToItem,
} from "./parse_recovery.ts";
import { splitParts } from "./string_parts.ts";
import { decodeString } from "./string_text.ts";
import type {
  ArrayNode,
  EachRefNode,
  EntryNode,
  EnvNode,
  ParamRefNode,
  RecordNode,
  SecretNode,
  StringNode,
  TokenIndex,
  ValueNode,
  VarRefNode,
} from "./syntax_tree.ts";
import { TokenKind } from "./token.ts";
import { warnDuplicates } from "./parse_name.ts";

/** How deep lists and records may stand in each other. */
export const NESTING_LIMIT = 256;

const NO_TOKENS: readonly TokenIndex[] = [];

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
      hint: "write \\${ for text that is meant literally",
    });
  }
}

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
  return { kind: "array", first, last: cursor.at++, items };
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
  return { kind: "record", first, last: cursor.at++, entries };
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
    cursor.unexpected("the record", `"=" behind ${cursor.describe(first)}`, hint);
    return undefined;
  }
  const value = parseValue(cursor);
  return value && { kind: "entry", first, last: value.last, name: first, value };
}

function parseWordValue(cursor: Cursor): ValueNode | undefined {
  const first = cursor.at;
  const next = cursor.kindAt(first + 1);
  if (next === TokenKind.LeftParenthesis) {
    if (cursor.isWord(first, "secret")) return parseSecret(cursor);
    if (cursor.isWord(first, "env")) return parseEnv(cursor);
  }
  if (next === TokenKind.Dot && cursor.touches(first + 1)) {
    if (cursor.isWord(first, "param")) return parseParamRef(cursor);
    if (cursor.isWord(first, "var")) return parseVarRef(cursor);
    if (cursor.isWord(first, "each")) return parseEach(cursor);
  }
  if (next !== TokenKind.Equals) {
    const value = cursor.isWord(first, "true") ? true : cursor.isWord(first, "false") ? false : undefined;
    if (value !== undefined) {
      cursor.at++;
      return { kind: "boolean", first, last: first, value };
    }
  }
  return refuseWord(cursor);
}

function refuseWord(cursor: Cursor): undefined {
  const first = cursor.at;
  const path = cursor.kindAt(first + 1) === TokenKind.Dot;
  const hint = isAssignment(cursor, first)
    ? undefined
    : path
    ? "bind another resource's output with needs … -> field"
    : `write "${cursor.text(first)}" for a text`;
  cursor.unexpected("the value", "a value", hint);
  if (!isAssignment(cursor, first)) cursor.at++;
}

function parseSecret(cursor: Cursor): SecretNode | undefined {
  const first = cursor.at;
  cursor.at += 2;
  const text = cursor.expect(TokenKind.String, "secret()", "a string");
  if (text === undefined) return undefined;
  const last = cursor.expect(TokenKind.RightParenthesis, "secret()", '")"');
  return last === undefined ? undefined : { kind: "secret", first, last, text };
}

function parseEnv(cursor: Cursor): EnvNode | undefined {
  const first = cursor.at;
  cursor.at += 2;
  const name = cursor.expect(TokenKind.String, "env()", "a variable's name as a string");
  if (name === undefined) return undefined;
  const fallback = cursor.accept(TokenKind.Comma)
    ? cursor.expect(TokenKind.String, "env()", "a default as a string")
    : undefined;
  if (fallback === undefined && cursor.kindAt(cursor.at - 1) === TokenKind.Comma) return undefined;
  const last = cursor.expect(TokenKind.RightParenthesis, "env()", '")"');
  return last === undefined ? undefined : { kind: "env", first, last, name, default: fallback };
}

/** The name of `param.NAME` or `var.NAME`. */
function parseDottedName(cursor: Cursor): TokenIndex | undefined {
  const first = cursor.at;
  cursor.at += 2;
  return expectTouchingWord(cursor, `"${cursor.text(first)}."`);
}

function parseParamRef(cursor: Cursor): ParamRefNode | undefined {
  const first = cursor.at;
  const name = parseDottedName(cursor);
  return name === undefined ? undefined : { kind: "param_ref", first, last: name, name };
}

function parseVarRef(cursor: Cursor): VarRefNode | undefined {
  const first = cursor.at;
  const name = parseDottedName(cursor);
  return name === undefined ? undefined : { kind: "var_ref", first, last: name, name };
}

function parseEach(cursor: Cursor): EachRefNode | undefined {
  const first = cursor.at;
  cursor.at += 2;
  const of = (["value", "index", "key"] as const).find((word) => cursor.isWord(cursor.at, word));
  if (of === undefined || !cursor.touches(cursor.at)) {
    cursor.unexpected('"each."', '"value", "index" or "key"');
    return undefined;
  }
  cursor.at++;
  const path = of === "value" ? parseEachPath(cursor) : NO_TOKENS;
  return path && { kind: "each_ref", first, last: cursor.at - 1, of, path };
}

function parseEachPath(cursor: Cursor): readonly TokenIndex[] | undefined {
  if (!cursor.is(TokenKind.Dot)) return NO_TOKENS;
  const path: TokenIndex[] = [];
  while (cursor.is(TokenKind.Dot) && cursor.touches(cursor.at)) {
    cursor.at++;
    const name = expectTouchingWord(cursor, '"each.value."');
    if (name === undefined) return undefined;
    path.push(name);
  }
  return path;
}

function expectTouchingWord(cursor: Cursor, goal: string): TokenIndex | undefined {
  if (cursor.is(TokenKind.Identifier) && cursor.touches(cursor.at)) return cursor.at++;
  cursor.unexpected(goal, "a name directly behind the point");
  return undefined;
}
