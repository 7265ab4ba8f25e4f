import { compareText } from "../../engine/text_order.ts";
import { isList, isRecord, SealedSecret, Secret, Unknown, type Value } from "../../engine/value.ts";

const MAX_CHARACTERS = 200;

/** A value on one line, as people read it in plans; secrets and what is not known yet by those words. */
export function valueText(value: Value | undefined): string {
  if (value === undefined || value === null) return "null";
  if (value instanceof Secret || value instanceof SealedSecret) return "(sensitive)";
  if (value instanceof Unknown) return "(known after apply)";
  if (typeof value === "string") return shorten(JSON.stringify(value));
  if (isList(value)) return shorten(`[${value.map(valueText).join(", ")}]`);
  if (isRecord(value)) return shorten(recordText(Object.entries(value)));
  return String(value);
}

function recordText(entries: readonly (readonly [string, Value])[]): string {
  if (entries.length === 0) return "{}";
  const parts = [...entries].sort(([a], [b]) => compareText(a, b)).map(([key, part]) =>
    `${/^[A-Za-z_][\w-]*$/.test(key) ? key : JSON.stringify(key)} = ${valueText(part)}`
  );
  return `{ ${parts.join(", ")} }`;
}

function shorten(text: string): string {
  const characters = [...text];
  if (characters.length <= MAX_CHARACTERS) return text;
  return `${characters.slice(0, MAX_CHARACTERS).join("")}… (${characters.length} characters)`;
}
