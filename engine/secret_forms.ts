import { inertJsonString } from "./active_text.ts";
import { clearValue } from "./clear_value.ts";
import { isList, isRecord, type Value } from "./value.ts";

/** Shorter texts stand in too many messages by chance. In characters. */
export const SHORTEST = 4;

/** Characters that base64 may stand in for others where a text begins or ends inside something longer. */
const BASE64_OFFSETS: readonly number[] = [0, 1, 2];

/** The texts that say what a secret is: each text and number in it, and of a text of several lines each line as well. */
export function clearTexts(clear: Value): readonly string[] {
  const value = clearValue(clear);
  if (typeof value === "string") return [value, ...linesOf(value)];
  if (typeof value === "number" || typeof value === "bigint") return [String(value)];
  if (isList(value)) return value.flatMap(clearTexts);
  return isRecord(value) ? Object.values(value).flatMap(clearTexts) : [];
}

/** Characters of a text, the white space around it apart. */
export function lengthOf(text: string): number {
  return [...text.trim()].length;
}

/**
 * Every way in which a clear text may be spelt: as it is, escaped as in JSON, encoded for URLs, in hex, or in base64, also as
 * a part of something longer. None for texts of fewer than 4 characters.
 */
export function formsOf(clear: string): readonly string[] {
  if (lengthOf(clear) < SHORTEST) return [];
  const forms = [...new Set([clear, clear.trim()])].flatMap((text) => [
    text,
    ...jsonForms(text),
    ...urlForms(text),
    ...hexForms(text),
    ...base64Forms(text),
  ]);
  return [...new Set(forms)].filter((form) => [...form].length >= SHORTEST);
}

/** Lines of a longer text that say something of it; the frames of PEM do not. */
function linesOf(text: string): readonly string[] {
  const lines = text.split(/[\r\n]+/).map((line) => line.trim());
  return lines.length === 1
    ? []
    : lines.filter((line) => line.length >= 2 * SHORTEST && !line.startsWith("--"));
}

function jsonForms(text: string): readonly string[] {
  return [JSON.stringify(text).slice(1, -1), inertJsonString(text).slice(1, -1)];
}

function urlForms(text: string): readonly string[] {
  const encoded = encodeURIComponent(text.toWellFormed());
  const lower = encoded.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
  return [encoded, lower, encoded.toLowerCase()].flatMap((each) => [each, each.replaceAll("%20", "+")]);
}

function hexForms(text: string): readonly string[] {
  const hex = new TextEncoder().encode(text).toHex();
  return [hex, hex.toUpperCase()];
}

/**
 * In base64 three bytes become four characters, so a text inside a longer one has three spellings, and up to two
 * characters at each end are shared with its neighbours.
 */
function base64Forms(text: string): readonly string[] {
  const bytes = new TextEncoder().encode(text);
  return BASE64_OFFSETS.flatMap((before) => {
    const shifted = new Uint8Array(before + bytes.length);
    shifted.set(bytes, before);
    const encoded = shifted.toBase64({ omitPadding: true });
    const first = Math.ceil(before * 8 / 6);
    const last = Math.floor(shifted.length * 8 / 6);
    const own = encoded.slice(first, last);
    return own.length < SHORTEST ? [] : [own, own.replaceAll("+", "-").replaceAll("/", "_")];
  });
}
