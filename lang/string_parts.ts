/**
 * Interpolation: a string as a list of texts and expressions. Only `${…}` with a known inner text is an expression; any
 * other stays in the text byte for byte, since policy variables, shell scripts and workflow files are full of them.
 */
import { trimWhiteSpace } from "./character.ts";
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
  const span = (start: number, end: number): Span => ({
    start: offsetInSource(decoded, start),
    end: offsetInSource(decoded, end),
  });
  const addText = (end: number): void => {
    if (end > textStart) {
      parts.push({ kind: "text", text: text.slice(textStart, end), span: span(textStart, end) });
    }
  };
  for (const { start, end, inner } of candidates(decoded)) {
    const expression = parseExpression(inner, place);
    if (expression === undefined) continue;
    addText(start);
    parts.push({ ...expression, span: span(start, end), inner });
    textStart = end;
  }
  addText(text.length);
  return parts;
}

/** Each `${…}` from left to right, known or not. */
function* candidates(
  decoded: StringText,
): Iterable<{ readonly start: number; readonly end: number; readonly inner: string }> {
  const { text, escapedDollars } = decoded;
  let start = text.indexOf("${");
  let escape = 0;
  while (start !== -1) {
    while ((escapedDollars[escape] ?? Infinity) < start) escape++;
    if (escapedDollars[escape] === start) {
      start = text.indexOf("${", start + 1);
      continue;
    }
    const close = text.indexOf("}", start);
    if (close === -1) return;
    yield { start, end: close + 1, inner: text.slice(start + 2, close) };
    start = text.indexOf("${", close + 1);
  }
}

const WHITE_SPACE = String.raw`\p{White_Space}*`;
const WORD = String.raw`[\p{Alphabetic}_][\p{Alphabetic}\p{N}_]*`;
const EACH_REGEXP = new RegExp(String.raw`^each\.(index|key|value)((?:\.${WORD})*)$`, "u");
const VAR_REGEXP = new RegExp(String.raw`^var\.(${WORD})$`, "u");
const ENV_REGEXP = new RegExp(
  String.raw`^env\(${WHITE_SPACE}${quoted()}${WHITE_SPACE}(?:,${WHITE_SPACE}${quoted()}${WHITE_SPACE})?\)$`,
  "u",
);
const PARAM_PREFIX = "param.";

function quoted(): string {
  return String.raw`(?:"([^"]*)"|'([^']*)')`;
}

/** Reads the text between `${` and `}`; `undefined` when it is no expression and so plain text. */
export function parseExpression(inner: string, place: StringPlace): StringExpression | undefined {
  const trimmed = trimWhiteSpace(inner);
  const each = parseEach(trimmed);
  if (each !== undefined) return each;
  if (trimmed.startsWith(PARAM_PREFIX)) return { kind: "param", name: trimmed.slice(PARAM_PREFIX.length) };
  if (place === "annotation") return undefined;
  const variable = VAR_REGEXP.exec(trimmed)?.[1];
  if (variable !== undefined) return { kind: "var", name: variable };
  return trimmed.startsWith("env(") ? parseEnv(trimmed) : undefined;
}

function parseEach(trimmed: string): StringExpression | undefined {
  const [, of, path] = EACH_REGEXP.exec(trimmed) ?? [];
  if (of === undefined || path === undefined) return undefined;
  if (of === "value") return { kind: "each", of, path: path === "" ? [] : path.slice(1).split(".") };
  return path === "" && (of === "index" || of === "key") ? { kind: "each", of, path: [] } : undefined;
}

function parseEnv(trimmed: string): StringExpression {
  const match = ENV_REGEXP.exec(trimmed);
  const name = match?.[1] ?? match?.[2];
  if (match === null || name === undefined || name === "") return { kind: "malformed_env", text: trimmed };
  return { kind: "env", name, default: match[3] ?? match[4] };
}
