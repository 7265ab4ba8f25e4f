import { compareText } from "../../engine/text_order.ts";
import { isList, isRecord, SealedSecret, Secret, Unknown, type Value } from "../../engine/value.ts";

const MAX_CHARACTERS = 200;

/** A value on one line, as people read it in plans; secrets and what is not known yet by those words. Long texts are cut. */
export function valueText(value: Value | undefined): string {
  return textOf(value, shorten);
}

/** The same, with long texts whole. */
export function wholeValueText(value: Value | undefined): string {
  return textOf(value, (text) => text);
}

function textOf(value: Value | undefined, fit: (text: string) => string): string {
  if (value === undefined || value === null) return "null";
  if (value instanceof Secret || value instanceof SealedSecret) return "(sensitive)";
  if (value instanceof Unknown) return "(known after apply)";
  if (typeof value === "string") return fit(JSON.stringify(value));
  if (isList(value)) return fit(`[${value.map((part) => textOf(part, fit)).join(", ")}]`);
  if (isRecord(value)) return fit(recordText(Object.entries(value), fit));
  return String(value);
}

function recordText(entries: readonly (readonly [string, Value])[], fit: (text: string) => string): string {
  if (entries.length === 0) return "{}";
  const parts = [...entries].sort(([a], [b]) => compareText(a, b)).map(([key, part]) =>
    `${/^[A-Za-z_][\w-]*$/.test(key) ? key : JSON.stringify(key)} = ${textOf(part, fit)}`
  );
  return `{ ${parts.join(", ")} }`;
}

function shorten(text: string): string {
  const characters = [...text];
  if (characters.length <= MAX_CHARACTERS) return text;
  return `${characters.slice(0, MAX_CHARACTERS).join("")}… (${characters.length} characters)`;
}
