/** Declarations: what stands outside all bodies. */
import { parseAddress } from "../engine/address.ts";
import { nearName } from "../engine/near_name.ts";
import { parseComponent, parseUse } from "./parse_component.ts";
import type { Cursor } from "./parse_cursor.ts";
import { parseLayer } from "./parse_layer.ts";
import { decodedName } from "./parse_name.ts";
import { DECLARATION_WORDS } from "./parse_recovery.ts";
import { parseReference } from "./parse_reference.ts";
import { parseResource } from "./parse_resource.ts";
import type {
  Declaration,
  ImportNode,
  IncludeNode,
  MovedNode,
  OutputNode,
  RemovedNode,
  TokenIndex,
} from "./syntax_tree.ts";
import { TokenKind } from "./token.ts";

type Parser = (cursor: Cursor) => Declaration | undefined;

const PARSERS: ReadonlyMap<string, Parser> = new Map<string, Parser>([
  ["resource", parseResource],
  ["layer", parseLayer],
  ["component", parseComponent],
  ["use", parseUse],
  ["include", parseInclude],
  ["moved", parseMoved],
  ["removed", parseRemoved],
  ["import", parseImport],
  ["output", parseOutput],
]);

/** Reads one declaration; `undefined` when it is broken, which has been reported. */
export function parseDeclaration(cursor: Cursor): Declaration | undefined {
  const parse = cursor.is(TokenKind.Identifier) ? PARSERS.get(cursor.text(cursor.at)) : undefined;
  if (parse !== undefined) return parse(cursor);
  refuse(cursor);
  return undefined;
}

const WORDS_HINT = `declarations are ${DECLARATION_WORDS.join(", ")}`;

function refuse(cursor: Cursor): void {
  const word = cursor.is(TokenKind.Identifier) ? cursor.text(cursor.at) : "";
  const near = nearName(word, DECLARATION_WORDS);
  const hint = near === undefined ? WORDS_HINT : `did you mean "${near}"? ${WORDS_HINT}`;
  cursor.unexpected("the file", "a declaration", hint);
}

function parseInclude(cursor: Cursor): IncludeNode | undefined {
  const first = cursor.at++;
  const path = cursor.expect(TokenKind.String, '"include"', "a path as a string");
  return path === undefined ? undefined : { kind: "include", first, last: path, path };
}

function parseMoved(cursor: Cursor): MovedNode | undefined {
  const first = cursor.at++;
  const source = expectAddress(cursor, '"moved"');
  if (source === undefined || !cursor.expectWord("to", '"moved"')) return undefined;
  const target = expectAddress(cursor, '"moved"');
  return target === undefined ? undefined : { kind: "moved", first, last: target, source, target };
}

function parseRemoved(cursor: Cursor): RemovedNode | undefined {
  const first = cursor.at++;
  const address = expectAddress(cursor, '"removed"');
  return address === undefined ? undefined : { kind: "removed", first, last: address, address };
}

function parseImport(cursor: Cursor): ImportNode | undefined {
  const first = cursor.at++;
  const id = cursor.expect(TokenKind.String, '"import"', "the provider's id as a string");
  if (id === undefined || !cursor.expectWord("to", '"import"')) return undefined;
  const address = expectAddress(cursor, '"import"');
  return address === undefined ? undefined : { kind: "import", first, last: address, id, address };
}

function expectAddress(cursor: Cursor, goal: string): TokenIndex | undefined {
  const token = cursor.expect(TokenKind.String, goal, 'an address such as "kind.name"');
  if (token === undefined) return undefined;
  if (parseAddress(decodedName(cursor, token)) === undefined) {
    cursor.report(token, {
      code: "E-SYNTAX",
      message: `Cannot read the address ${cursor.text(token)}: expected kind.name or kind.name[key]`,
      hint: 'a part with other characters stands in quotes: "kind.\\"a b\\""',
    });
  }
  return token;
}

function parseOutput(cursor: Cursor): OutputNode | undefined {
  const first = cursor.at++;
  if (cursor.is(TokenKind.String)) {
    cursor.unexpected(
      '"output"',
      "output name = kind.name.field",
      WORDS_HINT,
    );
    return undefined;
  }
  const name = cursor.expect(TokenKind.Identifier, '"output"', "a name");
  if (name === undefined) return undefined;
  const goal = `the output "${cursor.text(name)}"`;
  if (cursor.expect(TokenKind.Equals, goal, '"="') === undefined) return undefined;
  const reference = parseReference(cursor, goal);
  if (reference === undefined) return undefined;
  if (reference.target.length < 2) {
    cursor.report(reference.first, {
      code: "E-SYNTAX",
      message: `Cannot read ${goal}: expected kind.name or kind.name.field, found only "${
        cursor.text(reference.first)
      }"`,
    });
    return undefined;
  }
  return { kind: "output", first, last: reference.last, name, reference };
}
