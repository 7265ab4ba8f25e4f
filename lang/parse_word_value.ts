/** Values that begin with a word: booleans, `secret()`, `env()`, and references. */
import { editDistance } from "../engine/near_name.ts";
import { VALUE_WORDS } from "./bare_value.ts";
import type { Cursor } from "./parse_cursor.ts";
import { isAssignment, isFirstOnLine } from "./parse_recovery.ts";
import type {
  EachRefNode,
  EnvNode,
  ParamRefNode,
  SecretNode,
  SecretSourceNode,
  TokenIndex,
  ValueNode,
  VarRefNode,
} from "./syntax_tree.ts";
import { SECRET_SOURCES } from "./secret_word.ts";
import { TokenKind } from "./token.ts";

/** No longer word is one edit away from one that begins a value. */
const LONGEST_NEAR = 15;

const NO_TOKENS: readonly TokenIndex[] = [];

/** Reads the value that begins with the identifier looked at; any other word is refused. */
export function parseWordValue(cursor: Cursor): ValueNode | undefined {
  const first = cursor.at;
  const next = cursor.kindAt(first + 1);
  if (next === TokenKind.LeftParenthesis) {
    if (cursor.isWord(first, "secret")) return parseSecret(cursor);
    if (cursor.isWord(first, "env")) return parseEnv(cursor);
    const from = SECRET_SOURCES.get(cursor.text(first));
    if (from !== undefined) return parseSecretSource(cursor, from);
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
  if (isAssignment(cursor, first) && isFirstOnLine(cursor, first)) {
    cursor.unexpected("the value", "a value");
    cursor.lostOpenerAt = first;
    return;
  }
  // A text that lacks its first quote: the one behind it then has no end.
  if (cursor.isCut(first + 1) && cursor.touches(first + 1)) {
    cursor.at += 2;
    return;
  }
  // The word may be a password: it is not repeated.
  cursor.report(first, {
    code: "E-SYNTAX",
    message: "Cannot read the value: expected a value, found a word",
    hint: cursor.isFull ? undefined : wordHint(cursor, first),
  });
  if (!isAssignment(cursor, first)) cursor.at++;
}

function wordHint(cursor: Cursor, word: TokenIndex): string {
  const written = cursor.text(word).slice(0, LONGEST_NEAR);
  if (written === "null") return NULL_HINT;
  const near = VALUE_WORDS.find((each) => editDistance([...written], [...each]) === 1);
  if (near !== undefined) return `did you mean "${near}"?`;
  return cursor.kindAt(word + 1) === TokenKind.Dot
    ? "bind another resource's output with needs … -> field; texts stand in double quotes"
    : "texts stand in double quotes";
}

const NULL_HINT = "there is no null: leave the field out, or `unset` it in a layer";

function parseSecret(cursor: Cursor): SecretNode | undefined {
  const first = cursor.at;
  cursor.at += 2;
  const text = cursor.expect(TokenKind.String, "secret()", "a string");
  if (text === undefined) return undefined;
  const last = cursor.expect(TokenKind.RightParenthesis, "secret()", '")"');
  return last === undefined ? undefined : { kind: "secret", first, last, text };
}

const SOURCE_ARGUMENTS: Readonly<Record<SecretSourceNode["from"], string>> = {
  env: "a variable's name as a string",
  file: "a path as a string",
  command: "a program as a string",
};

function parseSecretSource(
  cursor: Cursor,
  from: SecretSourceNode["from"],
): SecretSourceNode | undefined {
  const first = cursor.at;
  const goal = `${cursor.text(first)}()`;
  cursor.at += 2;
  const arg = cursor.expect(TokenKind.String, goal, SOURCE_ARGUMENTS[from]);
  if (arg === undefined) return undefined;
  const args = [arg];
  while (from === "command" && cursor.accept(TokenKind.Comma)) {
    const next = cursor.expect(TokenKind.String, goal, "an argument as a string");
    if (next === undefined) return undefined;
    args.push(next);
  }
  const last = cursor.expect(TokenKind.RightParenthesis, goal, '")"');
  return last === undefined ? undefined : { kind: "secret_source", first, last, from, args };
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
