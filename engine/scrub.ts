import { clearValue } from "./clear_value.ts";
import { isList, isRecord, mapValue, Secret, type Value, type ValueRecord } from "./value.ts";

const HIDDEN = "(sensitive)";

/** Shorter texts stand in too many messages by chance. In characters. */
const SHORTEST = 4;

/** A stretch of a text, in UTF-16 units; `end` is the first one after it. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

/**
 * Replaces in `text` every clear text of `secrets` by `(sensitive)`: as it is, escaped as in JSON, encoded for URLs or in
 * base64, also as a part of something longer in base64. A text of several lines is looked for line by line as well.
 * Texts of fewer than 4 characters are left, since they would make every message unreadable.
 */
export function scrub(text: string, secrets: Iterable<Secret>): string {
  const forms = new Set([...secrets].flatMap((secret) => clearTexts(Secret.open(secret))).flatMap(formsOf));
  const hidden = [...forms].flatMap((form) => stretchesOf(text, form));
  hidden.sort((one, other) => one.start - other.start);
  let scrubbed = "";
  let end = 0;
  for (const stretch of hidden) {
    if (stretch.start >= end) scrubbed += text.slice(end, stretch.start) + HIDDEN;
    end = Math.max(end, stretch.end);
  }
  return scrubbed + text.slice(end);
}

/**
 * Makes a secret of every text in `outputs` that holds the clear text of one of `secrets`, as a connection string holds a
 * password. For outputs only: a wanted field that is equal by chance must stay comparable.
 */
export function markEchoes(outputs: ValueRecord, secrets: readonly Secret[]): ValueRecord {
  const marked = mapValue(outputs, (leaf) => {
    if (leaf === null || typeof leaf === "boolean" || typeof leaf === "object") return leaf;
    const text = String(leaf);
    return scrub(text, secrets) === text ? leaf : new Secret(leaf);
  });
  return isRecord(marked) ? marked : outputs;
}

/** The open secrets anywhere in `value`, for `scrub`. */
export function secretsOf(value: Value): readonly Secret[] {
  if (value instanceof Secret) return [value];
  if (isList(value)) return value.flatMap(secretsOf);
  return isRecord(value) ? Object.values(value).flatMap(secretsOf) : [];
}

function clearTexts(clear: Value): readonly string[] {
  const value = clearValue(clear);
  if (typeof value === "string") return [value, ...linesOf(value)];
  if (typeof value === "number" || typeof value === "bigint") return [String(value)];
  if (isList(value)) return value.flatMap(clearTexts);
  return isRecord(value) ? Object.values(value).flatMap(clearTexts) : [];
}

/** Lines of a longer text that say something of it; the frames of PEM do not. */
function linesOf(text: string): readonly string[] {
  const lines = text.split(/[\r\n]+/).map((line) => line.trim());
  return lines.length === 1
    ? []
    : lines.filter((line) => line.length >= 2 * SHORTEST && !line.startsWith("--"));
}

function formsOf(clear: string): readonly string[] {
  const trimmed = clear.trim();
  const forms = [clear, trimmed].flatMap((
    text,
  ) => [text, jsonForm(text), ...urlForms(text), ...base64Forms(text)]);
  return forms.filter((form) => [...form].length >= SHORTEST && [...trimmed].length >= SHORTEST);
}

function jsonForm(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function urlForms(text: string): readonly string[] {
  const encoded = encodeURIComponent(text.toWellFormed());
  const lower = encoded.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
  return [encoded, lower].flatMap((each) => [each, each.replaceAll("%20", "+")]);
}

/**
 * In base64 three bytes become four characters, so a text inside a longer one has three spellings, and up to two
 * characters at each end are shared with its neighbours.
 */
function base64Forms(text: string): readonly string[] {
  const bytes = new TextEncoder().encode(text);
  return [0, 1, 2].flatMap((before) => {
    const shifted = new Uint8Array(before + bytes.length);
    shifted.set(bytes, before);
    const encoded = shifted.toBase64({ omitPadding: true });
    const first = Math.ceil(before * 8 / 6);
    const last = Math.floor(shifted.length * 8 / 6);
    const own = encoded.slice(first, last);
    return own.length < SHORTEST ? [] : [own, own.replaceAll("+", "-").replaceAll("/", "_")];
  });
}

function stretchesOf(text: string, form: string): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (let start = text.indexOf(form); start !== -1; start = text.indexOf(form, start + 1)) {
    stretches.push({ start, end: start + form.length });
  }
  return stretches;
}
