/** What is checked of names: of declarations, fields and record keys. */
import type { Cursor } from "./parse_cursor.ts";
import { stringTextBetween } from "./string_text.ts";
import type { TokenIndex } from "./syntax_tree.ts";
import { TokenKind } from "./token.ts";

const CONTROL_REGEXP = /\p{Cc}/u;
const AMBIGUOUS_REGEXP = /\.|\[|\]|__/;

/** Reads the string that names a declaration; an empty name or one with control characters is reported. */
export function parseName(cursor: Cursor, goal: string): TokenIndex | undefined {
  const token = cursor.expect(TokenKind.String, goal, "a name as a string");
  if (token === undefined) return undefined;
  const name = decodedName(cursor, token);
  if (name === "") {
    cursor.report(token, { code: "E-SYNTAX", message: `Cannot name ${goal}: the name is empty` });
  } else if (CONTROL_REGEXP.test(name)) {
    cursor.report(token, {
      code: "E-SYNTAX",
      message: `Cannot name ${goal}: the name holds a control character`,
    });
  }
  return token;
}

/** Reads a name that becomes part of addresses, and warns when it looks like several parts. */
export function parseAddressName(cursor: Cursor, goal: string): TokenIndex | undefined {
  const token = parseName(cursor, goal);
  if (token === undefined) return undefined;
  const found = AMBIGUOUS_REGEXP.exec(decodedName(cursor, token))?.[0];
  if (found !== undefined) {
    cursor.report(token, {
      code: "W-NAME",
      message: `The name ${cursor.text(token)} holds "${found}", which also parts an address`,
      hint: "use letters, digits, - and _",
    });
  }
  return token;
}

/** Warns of each name that stands twice in one body or record; the last one counts. */
export function warnDuplicates(
  cursor: Cursor,
  named: readonly { readonly name: TokenIndex }[],
  what: "field" | "key" | "argument" | "parameter",
): void {
  if (!holdsDuplicates(cursor, named)) return;
  const seen = new Set<string>();
  for (const { name } of named) {
    const text = decodedName(cursor, name);
    if (seen.has(text)) {
      const message = `The ${what} "${text}" is set twice here; the last one counts`;
      cursor.report(name, { code: "W-DUP-FIELD", message });
    }
    seen.add(text);
  }
}

/** Up to so many words are compared with each other in place; longer lists and keys in quotes are rare. */
const PAIRS_LIMIT = 16;

function holdsDuplicates(cursor: Cursor, named: readonly { readonly name: TokenIndex }[]): boolean {
  if (named.length < 2) return false;
  if (named.length > PAIRS_LIMIT || !areWords(cursor, named)) {
    return new Set(named.map(({ name }) => decodedName(cursor, name))).size < named.length;
  }
  for (let index = 1; index < named.length; index++) {
    for (let before = 0; before < index; before++) {
      if (isSameWord(cursor, named[before]?.name ?? 0, named[index]?.name ?? 0)) return true;
    }
  }
  return false;
}

function areWords(cursor: Cursor, named: readonly { readonly name: TokenIndex }[]): boolean {
  for (const { name } of named) if (cursor.kindAt(name) === TokenKind.String) return false;
  return true;
}

/** Whether two words are the same; makes no copy of their text. */
function isSameWord(cursor: Cursor, left: TokenIndex, right: TokenIndex): boolean {
  const leftStart = cursor.startOf(left);
  const rightStart = cursor.startOf(right);
  const length = cursor.endOf(left) - leftStart;
  if (cursor.endOf(right) - rightStart !== length) return false;
  const { text } = cursor.source;
  let same = 0;
  while (same < length && text.charCodeAt(leftStart + same) === text.charCodeAt(rightStart + same)) same++;
  return same === length;
}

/** What a name token stands for. */
export function decodedName(cursor: Cursor, token: TokenIndex): string {
  if (cursor.kindAt(token) !== TokenKind.String) return cursor.text(token);
  return stringTextBetween(cursor.source.text, cursor.startOf(token), cursor.endOf(token));
}
