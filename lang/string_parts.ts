/**
 * Interpolation: a string as a list of texts and expressions. Only `${…}` with a known inner text is an expression; any
 * other stays in the text byte for byte, since policy variables, shell scripts and workflow files are full of them.
 */
import { trimWhiteSpace } from "./character.ts";
import { nearExpression } from "./near_expression.ts";
import { offsetInSource, type StringText } from "./string_text.ts";
import type { Span } from "./source_text.ts";

/** One part of an interpolated string, with its place in the source; `inner` is what stands between `${` and `}`. */
export type StringPart =
  | { readonly kind: "text"; readonly text: string; readonly span: Span }
  | (StringExpression & { readonly span: Span; readonly inner: string });

/** What may stand between `${` and `}`. */
export type StringExpression =
  | { readonly kind: "each"; readonly of: "value" | "index" | "key"; readonly path: readonly string[] }
  | { readonly kind: "param"; readonly name: string }
  | { readonly kind: "var"; readonly name: string }
  | { readonly kind: "env"; readonly name: string; readonly default: string | undefined }
  | { readonly kind: "malformed_env"; readonly text: string };

/** Where a string stands: values know all expressions, annotation texts only `each` and `param`. */
export type StringPlace = "value" | "annotation";

/** Splits a decoded string. Neighbouring texts are one part; an empty string has no parts. */
export function splitParts(decoded: StringText, place: StringPlace): readonly StringPart[] {
  const { text } = decoded;
  const parts: StringPart[] = [];
  let textStart = 0;
  for (let start = nextOpener(decoded, 0); start !== -1;) {
    const close = text.indexOf("}", start);
    if (close === -1) break;
    const inner = text.slice(start + 2, close);
    const expression = parseExpression(inner, place);
    if (expression !== undefined) {
      addText(parts, decoded, textStart, start);
      parts.push({ ...expression, span: spanBetween(decoded, start, close + 1), inner });
      textStart = close + 1;
    }
    start = nextOpener(decoded, close + 1);
  }
  addText(parts, decoded, textStart, text.length);
  return parts;
}

/** A `${…}` that is no expression and looks like a misspelt one. */
export interface MisspeltExpression {
  /** As it is written, with `${` and `}`. */
  readonly text: string;
  /** What it was probably meant to begin with, for example `param.`. */
  readonly near: string;
  readonly span: Span;
}

/** What of a decoded string stays plain text and was probably not meant to. */
export function misspeltExpressions(decoded: StringText): readonly MisspeltExpression[] {
  const { text } = decoded;
  const found: MisspeltExpression[] = [];
  for (let start = nextOpener(decoded, 0); start !== -1;) {
    const close = text.indexOf("}", start);
    if (close === -1) break;
    const inner = text.slice(start + 2, close);
    const near = parseExpression(inner, "value") === undefined ? nearExpression(inner) : undefined;
    const span = spanBetween(decoded, start, close + 1);
    if (near !== undefined) found.push({ text: `\${${inner}}`, near, span });
    start = nextOpener(decoded, close + 1);
  }
  return found;
}

function addText(parts: StringPart[], decoded: StringText, start: number, end: number): void {
  if (start >= end) return;
  parts.push({ kind: "text", text: decoded.text.slice(start, end), span: spanBetween(decoded, start, end) });
}

function spanBetween(decoded: StringText, start: number, end: number): Span {
  return { start: offsetInSource(decoded, start), end: offsetInSource(decoded, end) };
}

/** The index of the first `${` at `from` or behind it whose `$` is no escape; -1 when there is none. */
function nextOpener({ text, escapedDollars }: StringText, from: number): number {
  let start = text.indexOf("${", from);
  while (start !== -1 && escapedDollars.has(start)) start = text.indexOf("${", start + 1);
  return start;
}

const WHITE_SPACE = String.raw`\p{White_Space}*`;
const WORD = String.raw`[\p{Alphabetic}_][\p{Alphabetic}\p{N}_]*`;
const EACH_REGEXP = new RegExp(String.raw`^each\.(index|key|value)((?:\.${WORD})*)$`, "u");
const VAR_REGEXP = new RegExp(String.raw`^var\.(${WORD})$`, "u");
const ENV_REGEXP = new RegExp(
  String.raw`^env\(${WHITE_SPACE}${quoted()}${WHITE_SPACE}(?:,${WHITE_SPACE}${quoted()}${WHITE_SPACE})?\)$`,
  "u",
);
const EACH_PREFIX = "each.";
const PARAM_PREFIX = "param.";
const VAR_PREFIX = "var.";

function quoted(): string {
  return String.raw`(?:"([^"]*)"|'([^']*)')`;
}

/** Reads the text between `${` and `}`; `undefined` when it is no expression and so plain text. */
export function parseExpression(inner: string, place: StringPlace): StringExpression | undefined {
  const trimmed = trimWhiteSpace(inner);
  if (trimmed.startsWith(EACH_PREFIX)) return parseEach(trimmed);
  if (trimmed.startsWith(PARAM_PREFIX)) return { kind: "param", name: trimmed.slice(PARAM_PREFIX.length) };
  if (place === "annotation") return undefined;
  if (trimmed.startsWith(VAR_PREFIX)) return parseVar(trimmed);
  return trimmed.startsWith("env(") ? parseEnv(trimmed) : undefined;
}

function parseEach(trimmed: string): StringExpression | undefined {
  const [, of, path] = EACH_REGEXP.exec(trimmed) ?? [];
  if (of === undefined || path === undefined) return undefined;
  if (of === "value") return { kind: "each", of, path: path === "" ? [] : path.slice(1).split(".") };
  return path === "" && (of === "index" || of === "key") ? { kind: "each", of, path: [] } : undefined;
}

function parseVar(trimmed: string): StringExpression | undefined {
  const name = VAR_REGEXP.exec(trimmed)?.[1];
  return name === undefined ? undefined : { kind: "var", name };
}

function parseEnv(trimmed: string): StringExpression {
  const match = ENV_REGEXP.exec(trimmed);
  const name = match?.[1] ?? match?.[2];
  if (match === null || name === undefined || name === "") return { kind: "malformed_env", text: trimmed };
  return { kind: "env", name, default: match[3] ?? match[4] };
}
