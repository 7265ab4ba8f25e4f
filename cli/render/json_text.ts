import { inertJsonString } from "../../engine/active_text.ts";
import { compareText } from "../../engine/text_order.ts";
import { isList, isRecord, SealedSecret, Secret, Unknown, type Value } from "../../engine/value.ts";

/** What `--json` prints: values, and `undefined` for what is left out. */
export type Printable = Value | undefined | readonly Printable[] | { readonly [key: string]: Printable };

/**
 * JSON text, indented by two spaces. Whole numbers are digits however large; secrets are the text `(sensitive)`; what is known
 * only after an apply is `{"unknown": true}`, with the resource and the output that it will come from, and whether that is
 * sensitive. Keys keep the order they were made in.
 */
export function jsonText(value: Printable, indent = ""): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) return wrap("[", value.map((part) => jsonText(part, inner)), "]", indent);
  if (value instanceof Secret || value instanceof SealedSecret) return '"(sensitive)"';
  if (value instanceof Unknown) return unknownText(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "object" && value !== null) {
    const parts = Object.entries(value).filter(([, part]) => part !== undefined)
      .map(([key, part]) => `${inertJsonString(key)}: ${jsonText(part, inner)}`);
    return wrap("{", parts, "}", indent);
  }
  return typeof value === "string" ? inertJsonString(value) : JSON.stringify(value ?? null);
}

/** The same on one line, for streams of objects. */
export function jsonLine(value: Printable): string {
  if (Array.isArray(value)) return `[${value.map(jsonLine).join(",")}]`;
  if (value instanceof Secret || value instanceof SealedSecret) return '"(sensitive)"';
  if (value instanceof Unknown) return jsonLine(unknownParts(value));
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "object" && value !== null) {
    const parts = Object.entries(value).filter(([, part]) => part !== undefined);
    return `{${parts.map(([key, part]) => `${inertJsonString(key)}:${jsonLine(part)}`).join(",")}}`;
  }
  return typeof value === "string" ? inertJsonString(value) : JSON.stringify(value ?? null);
}

/** A value with the keys of its objects in code-point order, for output that does not change from run to run. */
export function sortedKeys(value: Value): Value {
  if (isList(value)) return value.map(sortedKeys);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => compareText(a, b));
  return Object.fromEntries(entries.map(([key, part]) => [key, sortedKeys(part)]));
}

function unknownText(value: Unknown): string {
  const parts = Object.entries(unknownParts(value)).map(([key, part]) => `"${key}": ${jsonLine(part)}`);
  return `{ ${parts.join(", ")} }`;
}

function unknownParts({ address, awaited }: Unknown): { readonly [key: string]: Printable } {
  if (awaited === undefined) return { unknown: true };
  return { unknown: true, address, output: awaited.output, sensitive: awaited.isSensitive };
}

function wrap(open: string, parts: readonly string[], close: string, indent: string): string {
  if (parts.length === 0) return open + close;
  return `${open}\n${parts.map((part) => `${indent}  ${part}`).join(",\n")}\n${indent}${close}`;
}
