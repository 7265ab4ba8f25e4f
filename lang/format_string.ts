/** Strings in canonical form: plain with escapes, or as a block where that reads back as the same text. */
import {
  parseExpression,
  splitParts,
  type StringExpression,
  type StringPart,
  type StringPlace,
} from "./string_parts.ts";
import { decodeString } from "./string_text.ts";
import { decodedToken, tokenText } from "./syntax_text.ts";
import type { SyntaxTree, TokenIndex } from "./syntax_tree.ts";

/** How the strings of one nesting level are indented: the white space of the field that holds them. */
export type Indent = string;

/** One level of indentation. */
export const INDENT_STEP = "  ";

/** A plain string, in quotes, of a text in which `${` has no meaning: names, paths, the arguments of `secret` and `env`. */
export function formatPlain(text: string): string {
  return `"${escapeText(text)}"`;
}

/** A string with interpolation: a block when it is a text of several lines, else plain. */
export function formatString(
  tree: SyntaxTree,
  token: TokenIndex,
  place: StringPlace,
  indent: Indent,
): string {
  const written = tokenText(tree, token);
  if (CANONICAL_REGEXP.test(written)) return written;
  const decoded = decodedToken(tree, token);
  const { text } = decoded;
  if (!text.includes("${")) return formatText(text, escapeText(text), indent);
  const parts = splitParts(decoded, place);
  const [first] = parts;
  if (first?.kind !== "text" || parts.length > 1) return `"${joinParts(parts, place)}"`;
  return formatText(first.text, escapeLiteral(first.text, place, "last"), indent);
}

/** Most strings: plain, without anything that an escape or an expression begins with, and nothing to escape. */
const CANONICAL_REGEXP = /^"[^"\\$\n\t\r\0]*"$/;

function formatText(text: string, plain: string, indent: Indent): string {
  return formatBlock(text, plain, indent) ?? `"${plain}"`;
}

function joinParts(parts: readonly StringPart[], place: StringPlace): string {
  return parts.map((part, index) => {
    if (part.kind !== "text") return `\${${escapeText(formatExpression(part, place))}}`;
    return escapeLiteral(part.text, place, index === parts.length - 1 ? "last" : "followed");
  }).join("");
}

/** In an annotation an expression may be plain text after all, which stays as it is. */
function formatExpression(part: StringExpression & { readonly inner: string }, place: StringPlace): string {
  if (place === "annotation") return part.inner;
  switch (part.kind) {
    case "each":
      return ["each", part.of, ...part.path].join(".");
    case "param":
      return `param.${part.name}`;
    case "var":
      return `var.${part.name}`;
    case "env":
      return `env(${
        [part.name, ...(part.default === undefined ? [] : [part.default])].map(quote).join(", ")
      })`;
    case "malformed_env":
      return part.text;
  }
}

/** Inside `${…}` a name that holds a double quote stands in single ones. */
function quote(name: string): string {
  return name.includes('"') ? `'${name}'` : `"${name}"`;
}

/** Escapes a text part; a `$` is escaped only where it would be read as an expression otherwise. */
function escapeLiteral(text: string, place: StringPlace, position: "last" | "followed"): string {
  if (!text.includes("${")) return escapeText(text);
  let escaped = "";
  let done = 0;
  let close = text.indexOf("}");
  for (let at = text.indexOf("${"); at !== -1;) {
    if (close !== -1 && close < at) close = text.indexOf("}", at);
    const safe = close === -1
      ? position === "last"
      : parseExpression(text.slice(at + 2, close), place) === undefined;
    const next = safe ? (close === -1 ? text.length : close + 1) : at + 1;
    escaped += escapeText(text.slice(done, at)) + (safe ? "" : "\\") + escapeText(text.slice(at, next));
    done = next;
    at = text.indexOf("${", done);
  }
  return escaped + escapeText(text.slice(done));
}

const NEEDS_ESCAPE_REGEXP = /[\\"\n\t\r\0]/;
const ESCAPED_REGEXP = /[\\"\n\t\r\0]/g;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\\", "\\\\"],
  ['"', '\\"'],
  ["\n", "\\n"],
  ["\t", "\\t"],
  ["\r", "\\r"],
  ["\0", "\\u{0}"],
]);

function escapeText(text: string): string {
  if (!NEEDS_ESCAPE_REGEXP.test(text)) return text;
  return text.replace(ESCAPED_REGEXP, (character) => ESCAPES.get(character) ?? character);
}

/** What a block cannot hold: the end of a block, CR, NUL, white space at the end of a line, and `#` by agreement. */
const NO_BLOCK_REGEXP = /"""|[\r\0#]|(?!\n)\p{White_Space}\n|\p{White_Space}$/u;

/** The block form of a text of several lines, or `undefined` when it would read back as another text. */
function formatBlock(text: string, plain: string, indent: Indent): string | undefined {
  if (!text.includes("\n") || NO_BLOCK_REGEXP.test(text) || plain.includes("\\${")) return undefined;
  const inner = indent + INDENT_STEP;
  const lines = text.split("\n").map((line) => line === "" ? "" : inner + line);
  const block = ['"""', ...lines, `${inner}"""`].join("\n");
  return decodeString(block, 0, block.length).text === text ? block : undefined;
}
