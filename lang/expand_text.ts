import { unreachable } from "../engine/invariant.ts";
import { compareText } from "../engine/text_order.ts";
import { isList, isRecord, Secret, someValue, Unknown, type Value } from "../engine/value.ts";
import { readEach, readEnvironment, readParam, readVar } from "./expand_reference.ts";
import type { ExpandWork, Scope } from "./expand_scope.ts";
import type { StringPart } from "./string_parts.ts";

/**
 * Puts an interpolated string together. A part that is secret makes the whole a `Secret`; one that is not known makes the
 * whole `Unknown`.
 */
export function interpolate(work: ExpandWork, scope: Scope, parts: readonly StringPart[]): Value {
  const [first] = parts;
  if (first === undefined) return "";
  if (parts.length === 1 && first.kind === "text") return first.text;
  const values = parts.map((part) => evaluatePart(work, scope, part));
  const unknown = values.find((value) => someValue(value, (leaf) => leaf instanceof Unknown));
  if (unknown !== undefined) return unknown instanceof Unknown ? unknown : new Unknown("interpolation");
  const text = values.map(textInString).join("");
  return values.some((value) => someValue(value, (leaf) => leaf instanceof Secret)) ? new Secret(text) : text;
}

/** What one part stands for; its place in a message is the string's part alone. */
function evaluatePart(work: ExpandWork, scope: Scope, part: StringPart): Value {
  switch (part.kind) {
    case "text":
      return part.text;
    case "each":
      return readEach(work, scope, { ...part, extent: part.span });
    case "param":
      return readParam(work, scope, { ...part, extent: part.span });
    case "env":
      return readEnvironment(work, scope, { name: part.name, fallback: part.default, extent: part.span });
    case "var":
      return readVar(work, scope, { ...part, extent: part.span });
    case "malformed_env":
      return part.text;
    default:
      return unreachable(part);
  }
}

/** A string as it is; any other value as compact JSON, names in code-point order. Opens secrets: the caller seals. */
function textInString(value: Value): string {
  if (value instanceof Secret) return textInString(Secret.open(value));
  return typeof value === "string" ? value : compactJson(value);
}

function compactJson(value: Value): string {
  if (value instanceof Secret) return compactJson(Secret.open(value));
  if (typeof value === "string") return JSON.stringify(value);
  if (isList(value)) return `[${value.map(compactJson).join(",")}]`;
  if (!isRecord(value)) return String(value);
  const names = Object.keys(value).sort(compareText);
  return `{${names.map((name) => `${JSON.stringify(name)}:${compactJson(value[name] ?? null)}`).join(",")}}`;
}
