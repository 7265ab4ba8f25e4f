import { invariant } from "./invariant.ts";
import type { Json, JsonObject } from "./json.ts";

const LONE_SURROGATE_REGEXP = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/**
 * Writes `json` in the one form that is hashed, signed and stored: RFC 8785, keys in UTF-16 order, no white space,
 * numbers as ECMAScript prints them. A number that JSON cannot hold and a lone surrogate are bugs of the caller, who
 * checks at the edge.
 */
export function canonicalJson(json: Json): string {
  if (typeof json === "string") return canonicalString(json);
  if (typeof json === "number") {
    invariant(Number.isFinite(json), "Canonical JSON holds finite numbers only");
    return JSON.stringify(json);
  }
  if (json === null || typeof json === "boolean") return String(json);
  if (isList(json)) return `[${json.map(canonicalJson).join(",")}]`;
  return canonicalObject(json);
}

/**
 * Reads text that must be in canonical form.
 * Returns `undefined` when it is not JSON or is not equal, character by character, to its own canonical form: a
 * duplicate key, other white space, another order or another spelling of a number all count.
 */
export function parseCanonicalJson(text: string): Json | undefined {
  let json: Json;
  try {
    json = JSON.parse(text) as Json;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  return text === canonicalOrEmpty(json) ? json : undefined;
}

/** A lone surrogate written as an escape parses, but has no canonical form. */
function canonicalOrEmpty(json: Json): string {
  return hasLoneSurrogate(json) ? "" : canonicalJson(json);
}

function hasLoneSurrogate(json: Json): boolean {
  if (typeof json === "string") return LONE_SURROGATE_REGEXP.test(json);
  if (typeof json !== "object" || json === null) return false;
  if (isList(json)) return json.some(hasLoneSurrogate);
  return Object.entries(json).some(([key, value]) =>
    LONE_SURROGATE_REGEXP.test(key) || hasLoneSurrogate(value)
  );
}

function canonicalString(text: string): string {
  invariant(!LONE_SURROGATE_REGEXP.test(text), "Canonical JSON holds well-formed text only");
  return JSON.stringify(text);
}

function canonicalObject(object: JsonObject): string {
  const parts: string[] = [];
  for (const key of Object.keys(object).sort()) {
    const value = object[key];
    if (value === undefined) continue;
    parts.push(`${canonicalString(key)}:${canonicalJson(value)}`);
  }
  return `{${parts.join(",")}}`;
}

function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}
